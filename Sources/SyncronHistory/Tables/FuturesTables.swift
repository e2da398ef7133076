import SyncronCore
import SyncronMarketData

/// Money that came into or left a futures wallet, by trading, funding or a transfer.
public struct IncomeRow: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        case realizedProfit, funding, commission, insuranceClear, transfer
    }

    public var id: TransactionID
    public var account: AccountID
    /// Nil of a transfer.
    public var market: MarketID?
    /// Nil of what came of a market: then it is the market's quote asset.
    public var asset: AssetID?
    public var kind: Kind
    /// Below zero when it left.
    public var amount: Units
    /// What it came of; nil of what no trade brought.
    public var fill: FillReference?
    public var time: Timestamp
}

extension IncomeRow {
    init(_ income: Income) {
        self.init(
            id: income.id, account: income.account, market: income.market, asset: nil, kind: Kind(income.kind),
            amount: income.amount, fill: income.fill, time: income.time)
    }

    /// Nil of a transfer that does not touch the futures wallet.
    init?(_ transfer: Transfer) {
        guard (transfer.from == .futures) != (transfer.to == .futures) else { return nil }
        self.init(
            id: transfer.id, account: transfer.account, market: nil, asset: transfer.asset, kind: .transfer,
            amount: transfer.to == .futures ? transfer.amount : -transfer.amount, fill: nil, time: transfer.time)
    }

    static let columns = "transaction_id, account, market, asset, kind, amount, trade, liquidity, time"
    static let insert = "INSERT INTO incomes (\(columns)) VALUES "
    static let columnCount = 9

    func write(to values: inout ValueWriter) {
        values.add(id)
        values.add(account)
        if let market { values.add(market) } else { values.addNull() }
        if let asset { values.add(asset) } else { values.addNull() }
        values.add(kind)
        values.add(amount)
        if let fill {
            values.add(fill.trade)
            values.add(fill.liquidity)
        } else {
            values.addNull()
            values.addNull()
        }
        values.add(time)
    }

    init(from row: inout RowReader) throws {
        self.init(
            id: try row.identity(), account: try row.identity(), market: try row.optionalIdentity(),
            asset: try row.optionalIdentity(), kind: try row.word(), amount: try row.units(), fill: nil, time: .zero)
        let trade: TradeID? = try row.optionalIdentity()
        let liquidity: Liquidity? = try row.optionalWord()
        if let trade, let liquidity { fill = FillReference(trade, liquidity) }
        time = try row.time()
    }
}

extension IncomeRow.Kind {
    fileprivate init(_ kind: Income.Kind) {
        switch kind {
        case .realizedProfit: self = .realizedProfit
        case .funding: self = .funding
        case .commission: self = .commission
        case .insuranceClear: self = .insuranceClear
        }
    }
}

/// One row of `funding_rates`.
enum FundingRateTable {
    static let columns = "market, time, rate, mark"
    static let replace = "INSERT OR REPLACE INTO funding_rates (\(columns)) VALUES (?, ?, ?, ?)"

    static func write(_ rate: FundingRate, to values: inout ValueWriter) {
        values.add(rate.market)
        values.add(rate.time)
        values.add(rate.rate.raw)
        values.add(rate.mark)
    }

    static func rate(from row: inout RowReader) throws -> FundingRate {
        let market: MarketID = try row.identity()
        let time = try row.time()
        return FundingRate(market: market, rate: Rate(try row.integer()), mark: try row.ticks(), time: time)
    }
}

/// One row of `mark_candles`: what the mark did in a period.
enum MarkCandleTable {
    static let columns = "open_time, open, high, low, close"

    static let upsert = """
        INSERT INTO mark_candles (market, interval, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (market, interval, open_time) DO UPDATE SET high = max(high, excluded.high),
        low = min(low, excluded.low), close = excluded.close
        """

    static func write(_ candle: Candle, of market: MarketID, _ interval: KlineInterval, to values: inout ValueWriter) {
        values.add(market)
        values.add(interval)
        values.add(candle.openTime)
        values.add(candle.open)
        values.add(candle.high)
        values.add(candle.low)
        values.add(candle.close)
    }

    static func candle(from row: inout RowReader) throws -> Candle {
        let openTime = try row.time()
        var candle = Candle(flatAt: try row.ticks(), openTime: openTime)
        candle.high = try row.ticks()
        candle.low = try row.ticks()
        candle.close = try row.ticks()
        return candle
    }
}
