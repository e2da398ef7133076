import SyncronCore
import SyncronHistory
import SyncronNode
import SyncronWire

/// The futures wallet: what it holds, its positions, and how they are set.
enum FuturesRoutes {
    @Sendable static func account(_ call: Call) async throws -> APIResponse {
        let account = try call.account()
        guard let asset = call.directory.settlementAsset else { throw APIError.unexpected }
        let (reading, updatedAt) = try await call.node.query { engine, _ in
            (engine.futuresReading(of: account.id), engine.updatedAt(of: account.id))
        }
        return .json(capacity: 1_536 + 512 * reading.positions.count) {
            $0.futuresAccount(reading, of: account, in: asset, updatedAt: updatedAt, call.directory)
        }
    }

    /// The open ones.
    @Sendable static func positions(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let market = try call.marketIfGiven()?.market.id
        let reading = try await call.node.query { engine, _ in engine.futuresReading(of: account) }
        let positions = reading.positions.filter { market == nil || $0.position.market == market }
        return .json(capacity: 64 + 512 * positions.count) { $0.positions(positions, call.directory) }
    }

    @Sendable static func leverage(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let leverage = UInt8(try call.parameters.integer("leverage", in: BracketDefinition.leverages))
        let format = try call.market()
        let command = SetLeverage(account: account, market: format.market.id, leverage: leverage)
        return CommandCall(command: .setLeverage(command), riskParameter: "leverage") { _ in
            let most = format.market.perpetual?.brackets.last { $0.maxLeverage >= leverage }?.cap ?? .zero
            return .json { json in
                json.beginObject()
                json.field("symbol", format.market.symbol)
                json.field("leverage", leverage)
                json.field("maxNotionalValue", notional: most, format)
                json.endObject()
            }
        }
    }

    @Sendable static func marginType(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let type: MarginType = try call.parameters.named("marginType")
        let format = try call.market()
        let command = SetMarginType(account: account, market: format.market.id, type: type)
        return CommandCall(command: .setMarginType(command)) { _ in
            .json { json in
                json.beginObject()
                json.field("symbol", format.market.symbol)
                json.field("marginType", type.wireName)
                json.endObject()
            }
        }
    }

    /// `type` 1 adds to an isolated position's margin, 2 takes from it.
    @Sendable static func positionMargin(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let type = try call.parameters.integer("type", in: 1...2)
        let side: PositionSide = try call.parameters.named(ifGiven: "positionSide") ?? .both
        let format = try call.market()
        let amount = Units(try call.parameters.units("amount", decimals: format.quoteDecimals))
        let command = AdjustPositionMargin(
            account: account, market: format.market.id, side: side, amount: amount, isAdded: type == 1)
        return CommandCall(command: .adjustPositionMargin(command)) { _ in
            .json { json in
                json.beginObject()
                json.field("symbol", format.market.symbol)
                json.field("amount", amount: amount, of: format.quote)
                json.field("type", type)
                json.endObject()
            }
        }
    }

    @Sendable static func positionMode(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let isHedge = try await call.node.query { engine, _ in engine.futuresReading(of: account).isHedge }
        return .positionMode(isHedge)
    }

    @Sendable static func setPositionMode(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let isHedge = try call.parameters.boolean("dualSidePosition")
        let command = SetPositionMode(account: account, isHedge: isHedge)
        return CommandCall(command: .setPositionMode(command), riskParameter: "dualSidePosition") { _ in
            .positionMode(isHedge)
        }
    }

    // MARK: Orders

    @Sendable static func placeOrder(_ call: Call) throws(APIError) -> CommandCall {
        let account = try call.account().id
        let translation = try FuturesOrderTranslation(call.parameters)
        let format = try call.directory.format(symbol: translation.symbol).requiring(.perpetual)
        let order = translation.order(of: account, in: format)
        return CommandCall(.placeFuturesOrder(order), of: account) { result in
            .json(capacity: 768) { $0.placement(result, format, translation.responseType) }
        }
    }

    // MARK: History

    /// Own fills, newest first.
    @Sendable static func trades(_ call: Call) async throws -> APIResponse {
        let format = try call.market()
        let query = try call.tradeQuery(in: format)
        let trades = query.rowOrder.newestFirst(try await call.node.history.read { try $0.futuresTrades(query) })
        return .json(capacity: 64 + 320 * trades.count) { json in
            json.beginArray()
            for trade in trades { json.futuresTrade(trade, format) }
            json.endArray()
        }
    }

    @Sendable static func income(_ call: Call) async throws -> APIResponse {
        let parameters = call.parameters
        let format = try call.marketIfGiven()
        let span = try parameters.timeSpan()
        let query = IncomeQuery(
            account: try call.account().id, market: format?.market.id,
            kind: try parameters.named(ifGiven: "incomeType"), startTime: span.start, endTime: span.end,
            limit: Int(try parameters.integer(ifGiven: "limit", in: 1...1_000) ?? 100))
        let rows = try await call.node.history.read { try $0.incomes(query) }
        return .json(capacity: 64 + 192 * rows.count) { json in
            json.beginArray()
            for row in rows { json.income(row, call.directory) }
            json.endArray()
        }
    }
}

extension Directory {
    /// What perpetuals are margined and settled in.
    var settlementAsset: Asset? { asset(named: "USDT") }
}

extension APIResponse {
    fileprivate static func positionMode(_ isHedge: Bool) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("dualSidePosition", isHedge)
            json.endObject()
        }
    }
}
