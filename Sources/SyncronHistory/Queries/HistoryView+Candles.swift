import SyncronCore
import SyncronMarketData

extension HistoryView {
    /// The candles that have trades and open from `startTime` to `endTime`, both included. Of more than `limit`, the
    /// first in `rowOrder`; whichever it is, the answer stands in it.
    public func candles(
        of market: MarketID, _ interval: KlineInterval, startTime: Timestamp? = nil, endTime: Timestamp? = nil,
        rowOrder: RowOrder = .oldestFirst, limit: Int
    ) throws -> [Candle] {
        try database.all(
            """
            SELECT \(CandleTable.columns) FROM candles WHERE market = ? AND interval = ?
            AND open_time BETWEEN ? AND ? ORDER BY open_time \(rowOrder.keyword) LIMIT ?
            """,
            { values in
                values.add(market)
                values.add(interval)
                values.add(startTime ?? Timestamp(milliseconds: .min))
                values.add(endTime ?? .never)
                values.add(limit: limit)
            }, CandleTable.candle)
    }

    /// The last candle with trades that opens before `time`: its close is carried through the empty periods after it.
    public func lastCandle(
        of market: MarketID, _ interval: KlineInterval, before time: Timestamp
    ) throws -> Candle? {
        guard time > Timestamp(milliseconds: .min) else { return nil }
        return try candles(of: market, interval, endTime: time + -1, rowOrder: .newestFirst, limit: 1).first
    }
}
