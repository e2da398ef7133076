import SyncronCore
import SyncronNode
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("User streams of the margin wallet over sockets", .timeLimit(.minutes(3)))
struct MarginStreamTests {
    private static let taker = StreamExchange.taker

    private func dollars(_ amount: Int128) -> Units { Units(amount * 100_000_000) }

    private func index(_ exchange: StreamExchange, _ price: Int64) async throws {
        let quote = IndexQuote(asset: StreamFixture.btc.id, price: IndexPrice(price * 100_000_000))
        try await exchange.submit(.setIndexPrices(SetIndexPrices([quote])))
    }

    private func move(
        _ exchange: StreamExchange, _ asset: Asset, _ amount: Units, _ from: Wallet, _ to: Wallet
    ) async throws {
        try await exchange.submit(
            .transfer(TransferFunds(account: Self.taker, asset: asset.id, amount: amount, from: from, to: to)))
    }

    /// The taker has 1 BTC and 5,000 USDT in the margin wallet and owes 15,000.125 USDT; the maker bids below.
    private func stage(_ exchange: StreamExchange) async throws {
        try await index(exchange, 30_000)
        try await exchange.submit(
            .fundLending(LendingPool(asset: StreamFixture.usdt.id, amount: dollars(1_000_000))))
        try await move(exchange, StreamFixture.btc, dollars(1), .spot, .margin)
        try await exchange.submit(
            .borrow(BorrowFunds(account: Self.taker, asset: StreamFixture.usdt.id, amount: dollars(15_000))))
        try await move(exchange, StreamFixture.usdt, dollars(10_000), .margin, .spot)
        try await exchange.order(StreamExchange.maker, .buy, price: 1_090_000, quantity: 500_000)
    }

    @Test("a loan is told with what it moved")
    func loan() async throws {
        try await StreamExchange.run { exchange in
            let probe = try await exchange.connect("/v1/ws/user?listenKey=\(exchange.openListenKey("k"))")
            try await stage(exchange)
            var event = try await probe.json()
            while event["e"]?.text != "userLiabilityChange" { event = try await probe.json() }
            #expect(event["a"]?.text == "USDT" && event["t"]?.text == "BORROW" && event["T"]?.integer == 2)
            #expect(event["p"]?.text == "15000.00000000" && event["i"]?.text == "0.00000000")
            let balances = try await probe.json()
            #expect(balances["wallet"]?.text == "margin" && balances["B"]?[0]?["f"]?.text == "15000.00000000")
        }
    }

    @Test("a margin call and every step of a liquidation are told in order")
    func liquidation() async throws {
        try await StreamExchange.run { exchange in
            try await stage(exchange)
            let probe = try await exchange.connect("/v1/ws/user?listenKey=\(exchange.openListenKey("k"))")
            try await index(exchange, 14_000)
            let call = try await probe.text()
            #expect(
                call.hasPrefix(#"{"e":"marginCall","E":\#(exchange.node.now.milliseconds),"product":"margin","#),
                "\(call)")
            #expect(call.contains(#""level":"1.26665611","positions":[],"seq":"#), "\(call)")
            try await index(exchange, 11_000)
            var told: [String] = []
            var seqs: [Int64] = []
            while told.last != "outboundAccountPosition margin" {
                let event = try await probe.json()
                seqs.append(event["seq"]?.integer ?? 0)
                let parts = [event["x"] ?? event["e"], event["status"], event["r"], event["wallet"]]
                told.append(parts.compactMap { $0?.text }.filter { $0 != "NONE" }.joined(separator: " "))
            }
            #expect(
                told == [
                    "marginStatus LIQUIDATING", "userLiabilityChange LIQUIDATION", "NEW margin", "TRADE margin",
                    "forceOrder", "userLiabilityChange LIQUIDATION", "marginStatus NORMAL",
                    "outboundAccountPosition margin",
                ])
            #expect(seqs == Array((seqs.first ?? 0)..<(seqs.first ?? 0) + Int64(seqs.count)), "without gaps")
            #expect(probe.hasNothing)
        }
    }

    @Test("the events of margin are what they were after they have been stored")
    func coding() throws {
        let loan = Loan(
            id: TransactionID(3), account: Self.taker, asset: AssetID(1), principal: Units(5), order: OrderID(9),
            time: Timestamp(milliseconds: 7))
        let repayment = Repayment(
            id: TransactionID(4), account: Self.taker, asset: AssetID(1), interest: Units(1), principal: Units(2),
            cause: .insurance, time: Timestamp(milliseconds: 8))
        let forced = ForcedOrder(
            order: OrderID(9), account: Self.taker, market: MarketID(0), side: .sell, price: Ticks(1_078_000),
            quantity: Steps(50_000), executed: Steps(40_000), executedNotional: Units(436_000_000_000),
            fee: Units(8_720_000_000), time: Timestamp(milliseconds: 9))
        let events: [UserEvent] = [
            .marginCall(level: Units(130_000_000)), .marginCall(level: nil), .marginStatus(.normal, level: nil),
            .orderForced(forced), .loanTaken(loan), .loanRepaid(repayment),
        ]
        for event in events {
            var writer = ByteWriter(capacity: 64)
            writer.encode(event)
            let read = try writer.array().span.bytes.withUnsafeBytes { (bytes) throws in
                var reader = ByteReader(bytes)
                return try reader.decode(UserEvent.self)
            }
            #expect(read == event)
        }
        let numbered = NumberedUserEvent(
            account: Self.taker, seq: 5, stamp: StreamFixture.stamp(9), event: .orderForced(forced))
        #expect(
            StreamFixture.json { $0.userEvent(numbered, StreamFixture.directory) }
                == #"{"e":"forceOrder","E":9,"o":{"s":"BTC-USDT","S":"SELL","q":"0.5","p":"10780.00","ap":"10900.00","#
                + #""X":"EXPIRED","T":9,"i":9,"z":"0.4","Z":"4360","f":"87.2"},"seq":5}"#)
    }
}
