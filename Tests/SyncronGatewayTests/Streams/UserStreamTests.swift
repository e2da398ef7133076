import SyncronCore
import SyncronNode
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("User streams over sockets", .timeLimit(.minutes(3)))
struct UserStreamTests {
    private func user(_ exchange: StreamExchange, _ key: String, from seq: Int? = nil) async throws -> WebSocketProbe {
        try await exchange.connect("/v1/ws/user?listenKey=\(key)" + (seq.map { "&fromSeq=\($0)" } ?? ""))
    }

    /// The events' kinds and execution types, with their numbers.
    private func read(_ count: Int, from probe: WebSocketProbe) async throws -> [String] {
        var list: [String] = []
        for _ in 0..<count {
            let event = try await probe.json()
            let kind = event["x"]?.text ?? event["e"]?.text ?? "?"
            list.append("\(event["seq"]?.integer ?? 0) \(kind)")
        }
        return list
    }

    @Test("what happens to an account is told in the journal's order, numbered without gaps")
    func order() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await user(exchange, exchange.openListenKey("k"))
            let resting = try await exchange.order(StreamExchange.taker, .buy, price: 3_000_000, quantity: 300)
            try await exchange.order(StreamExchange.maker, .sell, price: 3_000_000, quantity: 100)
            guard case .orderAccepted(let order)? = resting.events.first else { throw FixtureFailure("not accepted") }
            try await exchange.submit(
                .cancelOrder(
                    CancelOrder(account: StreamExchange.taker, market: StreamExchange.market, order: .id(order.id))))
            // Numbers 1 and 2 were the deposits' events, 3 and 4 the balances behind them.
            #expect(
                try await read(6, from: probe) == [
                    "5 NEW", "6 outboundAccountPosition", "7 TRADE", "8 outboundAccountPosition", "9 CANCELED",
                    "10 outboundAccountPosition",
                ])
        }
    }

    @Test("a fill is told with its figures, and an account hears nothing of others")
    func figures() async throws {
        try await StreamExchange.run { exchange in
            let maker = try await user(exchange, exchange.openListenKey("m", StreamExchange.maker))
            try await exchange.trade(price: 3_000_000, quantity: 100)
            var fill = try await maker.json()
            while fill["x"]?.text != "TRADE" {
                #expect(fill["S"]?.text ?? "SELL" == "SELL")
                fill = try await maker.json()
            }
            #expect(fill["L"]?.text == "30000.00" && fill["l"]?.text == "0.001" && fill["z"]?.text == "0.001")
            #expect(fill["N"]?.text == "USDT" && fill["m"]?.boolean == true && fill["X"]?.text == "FILLED")
            #expect(fill["n"]?.text == "0.03000000" && fill["Y"]?.text == "30" && fill["w"]?.boolean == false)
            let balances = try await maker.json()
            #expect(balances["e"]?.text == "outboundAccountPosition" && balances["wallet"]?.text == "spot")
            #expect(balances["B"]?.items?.count == 2)
        }
    }

    @Test("a deposit is told")
    func deposit() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await user(exchange, exchange.openListenKey("k"))
            try await exchange.submit(
                .recordDeposit(
                    RecordDeposit(
                        account: StreamExchange.taker, asset: StreamFixture.usdt.id, network: "USDT",
                        amount: Units(250_000_000), txID: "second")))
            let update = try await probe.json()
            #expect(update["e"]?.text == "balanceUpdate")
            #expect(update["a"]?.text == "USDT" && update["d"]?.text == "2.50000000")
        }
    }

    @Test("a transfer and a settled withdrawal are told, with the balances behind them")
    func funds() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await user(exchange, exchange.openListenKey("k"))
            let account = StreamExchange.taker
            var asset = StreamFixture.usdt
            asset.networks = [Network(name: "N", withdrawalFee: Units(100_000_000))]
            try await exchange.submit(.defineAsset(asset))
            try await exchange.submit(
                .transfer(
                    TransferFunds(
                        account: account, asset: asset.id, amount: Units(300_000_000), from: .spot, to: .margin)))
            var told: [String] = []
            for _ in 0..<4 {
                let event = try await probe.json()
                told.append(
                    [event["e"], event["wallet"], event["d"]].map { $0?.text ?? "" }.joined(separator: " "))
            }
            #expect(
                told == [
                    "balanceUpdate spot -3.00000000", "balanceUpdate margin 3.00000000",
                    "outboundAccountPosition spot ", "outboundAccountPosition margin ",
                ])
            try await exchange.submit(
                .requestWithdrawal(
                    RequestWithdrawal(
                        account: account, asset: asset.id, network: "N", address: "a", amount: Units(200_000_000))))
            let held = try await probe.json()
            #expect(held["e"]?.text == "outboundAccountPosition" && held["B"]?[0]?["l"]?.text == "3.00000000")
            try await exchange.submit(
                .settleWithdrawal(SettleWithdrawal(withdrawal: WithdrawalID(1), txID: "t")))
            let gone = try await probe.json()
            #expect(gone["e"]?.text == "balanceUpdate" && gone["d"]?.text == "-3.00000000")
            #expect(try await probe.json()["B"]?[0]?["l"]?.text == "0.00000000")
        }
    }

    @Test("a client that was away gets what it missed, then what happens, without gap or repetition")
    func resume() async throws {
        try await StreamExchange.run { exchange in
            let key = try await exchange.openListenKey("k")
            for _ in 0..<10 { try await exchange.trade() }
            let probe = try await user(exchange, key, from: 1)
            for _ in 0..<10 { try await exchange.trade() }
            // 4 of the deposits, then NEW, TRADE and balances for each of 20 orders.
            let events = try await read(4 + 20 * 3, from: probe)
            #expect(events.map { $0.split(separator: " ")[0] } == (1...64).map { "\($0)" })
            #expect(events[4...6].map { $0.split(separator: " ")[1] } == ["NEW", "TRADE", "outboundAccountPosition"])
            #expect(probe.hasNothing)
        }
    }

    @Test("a replay of many pages runs into the live events while they keep coming")
    func longReplay() async throws {
        var limits = StreamLimits()
        limits.replayPage = 7
        try await StreamExchange.run(limits: limits) { exchange in
            let key = try await exchange.openListenKey("k")
            for _ in 0..<100 { try await exchange.trade() }
            async let trading: Void = {
                for _ in 0..<100 { try await exchange.trade() }
            }()
            let probe = try await user(exchange, key, from: 11)
            let events = try await read(4 + 200 * 3 - 10, from: probe)
            try await trading
            #expect(events.map { $0.split(separator: " ")[0] } == (11...604).map { "\($0)" })
        }
    }

    @Test("a client that has missed nothing goes on live")
    func resumeAtEnd() async throws {
        try await StreamExchange.run { exchange in
            let key = try await exchange.openListenKey("k")
            try await exchange.trade()
            let probe = try await user(exchange, key, from: 8)
            try await exchange.trade()
            #expect(try await read(3, from: probe) == ["8 NEW", "9 TRADE", "10 outboundAccountPosition"])
        }
    }

    @Test("when the first events are too old to be kept, the client is told where they begin")
    func resync() async throws {
        try await StreamExchange.run { exchange in
            try await exchange.trade()
            // Events are kept for a day.
            try await exchange.node.advanceClock(byMilliseconds: 2 * 86_400_000)
            let key = try await exchange.openListenKey("k")
            try await exchange.trade()
            let probe = try await user(exchange, key, from: 2)
            #expect(try await probe.text() == #"{"e":"resync","firstSeq":8}"#)
            #expect(try await read(3, from: probe) == ["8 NEW", "9 TRADE", "10 outboundAccountPosition"])
        }
    }

    @Test("a listen key that is closed ends its connections, and only its own")
    func closed() async throws {
        try await StreamExchange.run { exchange in
            let ending = try await user(exchange, exchange.openListenKey("a"))
            let staying = try await user(exchange, exchange.openListenKey("b"))
            try await exchange.submit(.closeListenKey(KeepListenKey(account: StreamExchange.taker, key: "a")))
            #expect(try await ending.closing() == (1000, "listen key closed"))
            try await exchange.order(StreamExchange.taker, .buy, price: 1_000_000)
            #expect(try await read(1, from: staying) == ["5 NEW"])
            await #expect(throws: WebSocketProbe.Refused.self) { try await user(exchange, "a") }
        }
    }

    @Test("a listen key that expires is told to all of the account's connections, and ends its own")
    func expired() async throws {
        try await StreamExchange.run { exchange in
            let ending = try await user(exchange, exchange.openListenKey("a"))
            try await exchange.node.advanceClock(byMilliseconds: 1_800_000)
            let staying = try await user(exchange, exchange.openListenKey("b"))
            try await exchange.node.advanceClock(byMilliseconds: 1_800_000)
            for probe in [ending, staying] {
                let event = try await probe.json()
                #expect(event["e"]?.text == "listenKeyExpired" && event["listenKey"]?.text == "a")
                #expect(event["seq"]?.integer == 5)
            }
            #expect(try await ending.closing() == (1000, "listen key expired"))
            try await exchange.order(StreamExchange.taker, .buy, price: 1_000_000)
            #expect(try await read(1, from: staying) == ["6 NEW"])
        }
    }

    @Test("a user's connection may follow public streams too")
    func mixed() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await user(exchange, exchange.openListenKey("k"))
            try await probe.subscribe("btc-usdt@trade")
            #expect(try await probe.text() == #"{"result":null,"id":1}"#)
            try await exchange.trade()
            var kinds: Set<String> = []
            for _ in 0..<4 { kinds.insert(try await probe.json()["e"]?.text ?? "?") }
            #expect(kinds == ["trade", "executionReport", "outboundAccountPosition"])
        }
    }
}
