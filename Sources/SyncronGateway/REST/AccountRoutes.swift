import NIOCore
import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

/// What an account owns, what came in, and what it traded.
enum AccountRoutes {
    @Sendable static func info(_ call: Call) async throws -> APIResponse {
        let account = try call.account()
        let (balances, updatedAt) = try await call.node.query { engine, _ in
            (engine.balances(of: account.id, wallet: .spot), engine.updatedAt(of: account.id))
        }
        return .json(capacity: 512 + 96 * balances.count) { json in
            json.beginObject()
            json.field("accountType", "spot")
            json.key("balances")
            json.balances(balances, call.directory)
            json.key("permissions")
            json.beginArray()
            for wallet in Wallet.allCases { json.value(wallet.wireName) }
            json.endArray()
            json.field("commissionTier", account.commissionTier)
            let rates = CommissionRates.standard(for: .spot)[Int(account.commissionTier)]
            json.field("takerCommission", trimmed: rates.taker.raw, decimals: Rate.decimals)
            json.field("makerCommission", trimmed: rates.maker.raw, decimals: Rate.decimals)
            json.field("canTrade", account.canTrade)
            json.field("canWithdraw", account.canWithdraw)
            json.field("canDeposit", true)
            json.field("level", account.level.wireName)
            json.field("accountId", account.id.raw)
            json.field("updateTime", updatedAt.milliseconds)
            json.endObject()
        }
    }

    /// The account's rates in each market.
    @Sendable static func commission(_ call: Call) throws(APIError) -> APIResponse {
        let account = try call.account()
        return .json(capacity: 64 + 96 * call.directory.markets.count) { json in
            json.beginArray()
            for market in call.directory.markets {
                let rates = market.commissions[Int(account.commissionTier)]
                json.beginObject()
                json.field("symbol", market.symbol)
                json.field("makerCommission", trimmed: rates.maker.raw, decimals: Rate.decimals)
                json.field("takerCommission", trimmed: rates.taker.raw, decimals: Rate.decimals)
                json.endObject()
            }
            json.endArray()
        }
    }

    @Sendable static func deposits(_ call: Call) async throws -> APIResponse {
        let parameters = call.parameters
        let asset = try call.assetIfGiven()
        let status = try parameters.integer(ifGiven: "status", in: 0...2)
        let span = try parameters.timeSpan()
        let query = DepositQuery(
            account: try call.account().id, asset: asset?.id,
            status: status.flatMap { DepositStatus(rawValue: UInt8($0)) }, startTime: span.start, endTime: span.end,
            limit: Int(try parameters.integer(ifGiven: "limit", in: 1...100) ?? 20))
        let deposits = try await call.node.history.read { try $0.deposits(query) }
        return .json(capacity: 64 + 256 * deposits.count) { json in
            json.beginArray()
            for deposit in deposits { json.deposit(deposit, call.directory) }
            json.endArray()
        }
    }

    /// The account's own fills, newest first.
    @Sendable static func trades(_ call: Call) async throws -> APIResponse {
        try await call.requireWallet()
        let format = try call.tradedMarket()
        let query = try call.tradeQuery(in: format)
        let trades = query.rowOrder.newestFirst(try await call.node.history.read { try $0.trades(query) })
        return .json(capacity: 64 + 256 * trades.count) { json in
            json.beginArray()
            for trade in trades { json.accountTrade(trade, format, isMarginTrade: query.wallet == .margin) }
            json.endArray()
        }
    }
}

/// The keys to an account's event stream.
enum ListenKeyRoutes {
    @Sendable static func open(_ call: Call) throws(APIError) -> CommandCall {
        let key = RandomText.letters(64)
        let command = OpenListenKey(account: try call.account().id, key: key)
        return CommandCall(command: .openListenKey(command)) { _ in
            .json { json in
                json.beginObject()
                json.field("listenKey", key)
                json.endObject()
            }
        }
    }

    @Sendable static func keep(_ call: Call) throws(APIError) -> CommandCall {
        CommandCall(command: .keepListenKey(try named(call))) { _ in .emptyObject }
    }

    @Sendable static func close(_ call: Call) throws(APIError) -> CommandCall {
        CommandCall(command: .closeListenKey(try named(call))) { _ in .emptyObject }
    }

    private static func named(_ call: Call) throws(APIError) -> KeepListenKey {
        KeepListenKey(account: try call.account().id, key: try call.parameters.text("listenKey"))
    }
}

extension Call {
    /// Which of the account's own fills in a market are asked for.
    func tradeQuery(in format: MarketFormat) throws(APIError) -> AccountTradeQuery {
        let span = try parameters.timeSpan()
        let order = try parameters.integer(ifGiven: "orderId", in: 0...Int64.max)
        let first = try parameters.integer(ifGiven: "fromId", in: 0...Int64.max)
        return AccountTradeQuery(
            account: try account().id, wallet: wallet, market: format.market.id,
            order: order.map { OrderID(UInt64($0)) }, firstID: first.map { TradeID(UInt64($0)) },
            startTime: span.start, endTime: span.end, rowOrder: .window(hasFirst: first != nil),
            limit: Int(try parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 500))
    }

    /// The asset that `asset` names; nil when none is named.
    func assetIfGiven() throws(APIError) -> Asset? {
        guard let name = try parameters.text(ifGiven: "asset") else { return nil }
        guard let asset = directory.asset(named: name) else { throw .invalidParameter("asset", "no such asset") }
        return asset
    }
}

/// Lists show the newest first, also those that begin at a given row.
extension RowOrder {
    /// With a first row a limit keeps the rows that follow it, so that a client can page onwards; else the newest.
    static func window(hasFirst: Bool) -> RowOrder { hasFirst ? .oldestFirst : .newestFirst }

    /// `rows`, which stand in this order, the newest first.
    func newestFirst<Row>(_ rows: [Row]) -> [Row] { self == .newestFirst ? rows : rows.reversed() }
}

extension Wallet {
    var wireName: String {
        switch self {
        case .spot: "spot"
        case .margin: "margin"
        case .futures: "futures"
        }
    }
}
