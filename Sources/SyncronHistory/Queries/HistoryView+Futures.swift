import SyncronCore
import SyncronMarketData

/// Which incomes of one account are asked for. Bounds are inclusive; those that are nil bound nothing.
public struct IncomeQuery: Sendable, Hashable {
    public var account: AccountID
    public var market: MarketID?
    public var kind: IncomeRow.Kind?
    public var startTime: Timestamp?
    public var endTime: Timestamp?
    public var limit: Int

    public init(
        account: AccountID, market: MarketID? = nil, kind: IncomeRow.Kind? = nil, startTime: Timestamp? = nil,
        endTime: Timestamp? = nil, limit: Int
    ) {
        self.account = account
        self.market = market
        self.kind = kind
        self.startTime = startTime
        self.endTime = endTime
        self.limit = limit
    }
}

/// A trade of a perpetual as one of its accounts sees it.
public struct FuturesTrade: Sendable, Hashable {
    public var trade: AccountTrade
    public var positionSide: PositionSide
    /// What closing a position or a part of it came to, without the commission; zero of what only opened.
    public var realizedProfit: Units
}

extension HistoryView {
    /// The newest first.
    public func incomes(_ query: IncomeQuery) throws -> [IncomeRow] {
        let ofMarket = query.market == nil ? "" : "AND market = ?"
        let ofKind = query.kind == nil ? "" : "AND kind = ?"
        return try database.all(
            """
            SELECT \(IncomeRow.columns) FROM incomes WHERE account = ? \(ofMarket) \(ofKind)
            AND time BETWEEN ? AND ? ORDER BY time DESC, id DESC LIMIT ?
            """,
            { values in
                values.add(query.account)
                if let market = query.market { values.add(market) }
                if let kind = query.kind { values.add(kind) }
                values.add(query.startTime ?? Timestamp(milliseconds: .min))
                values.add(query.endTime ?? .never)
                values.add(limit: query.limit)
            }, IncomeRow.init(from:))
    }

    /// As `trades`, of the futures wallet.
    public func futuresTrades(_ query: AccountTradeQuery) throws -> [FuturesTrade] {
        let trades = try trades(query)
        guard let last = trades.map(\.id).max(), let first = trades.map(\.id).min() else { return [] }
        let profits = try realizedProfits(of: query.account, query.market, first...last)
        var sides: [OrderID: PositionSide] = [:]
        return try trades.map { trade in
            let side = try sides[trade.order] ?? order(trade.order)?.positionSide ?? .both
            sides[trade.order] = side
            return FuturesTrade(
                trade: trade, positionSide: side,
                realizedProfit: profits[FillReference(trade.id, trade.liquidity)] ?? .zero)
        }
    }

    private func realizedProfits(
        of account: AccountID, _ market: MarketID, _ trades: ClosedRange<TradeID>
    ) throws -> [FillReference: Units] {
        let rows = try database.all(
            """
            SELECT \(IncomeRow.columns) FROM incomes WHERE account = ? AND market = ? AND trade BETWEEN ? AND ?
            AND kind = ?
            """,
            { values in
                values.add(account)
                values.add(market)
                values.add(trades.lowerBound)
                values.add(trades.upperBound)
                values.add(IncomeRow.Kind.realizedProfit)
            }, IncomeRow.init(from:))
        return rows.reduce(into: [:]) { profits, row in
            if let fill = row.fill { profits[fill, default: .zero] += row.amount }
        }
    }

    /// The newest first; nil for `market` asks for all.
    public func fundingRates(
        of market: MarketID?, startTime: Timestamp? = nil, endTime: Timestamp? = nil, limit: Int
    ) throws -> [FundingRate] {
        let ofMarket = market == nil ? "" : "market = ? AND"
        return try database.all(
            """
            SELECT \(FundingRateTable.columns) FROM funding_rates WHERE \(ofMarket) time BETWEEN ? AND ?
            ORDER BY time DESC, market LIMIT ?
            """,
            { values in
                if let market { values.add(market) }
                values.add(startTime ?? Timestamp(milliseconds: .min))
                values.add(endTime ?? .never)
                values.add(limit: limit)
            }, FundingRateTable.rate)
    }

    /// What the mark did, as `candles`: without trades and volumes.
    public func markCandles(
        of market: MarketID, _ interval: KlineInterval, startTime: Timestamp? = nil, endTime: Timestamp? = nil,
        rowOrder: RowOrder = .oldestFirst, limit: Int
    ) throws -> [Candle] {
        try database.all(
            """
            SELECT \(MarkCandleTable.columns) FROM mark_candles WHERE market = ? AND interval = ?
            AND open_time BETWEEN ? AND ? ORDER BY open_time \(rowOrder.keyword) LIMIT ?
            """,
            { values in
                values.add(market)
                values.add(interval)
                values.add(startTime ?? Timestamp(milliseconds: .min))
                values.add(endTime ?? .never)
                values.add(limit: limit)
            }, MarkCandleTable.candle)
    }
}
