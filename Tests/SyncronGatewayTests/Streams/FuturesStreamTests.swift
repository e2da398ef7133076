import SyncronCore
import SyncronNode
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Streams of perpetuals")
struct FuturesStreamTests {
    private let market = StreamFixture.perpetual.id
    private let directory = StreamFixture.directory

    @Test("markPrice and forceOrder are streams of perpetuals alone")
    func names() throws {
        for (text, stream) in [("markPrice", MarketStream.markPrice), ("forceOrder", .forceOrder)] {
            let key = try StreamName("btcusdtperp@\(text)").key(in: directory)
            #expect(key == .market(market, stream))
            #expect(key.name(in: directory) == "btc-usdt-perp@\(text)")
            #expect(throws: StreamNameFailure.unknownStream) {
                try StreamName("btc-usdt@\(text)").key(in: directory)
            }
        }
    }

    @Test("the mark and a forced order, as they are sent")
    func bodies() throws {
        let format = try StreamFixture.format(StreamFixture.perpetual)
        let mark = MarkPrice(
            market: market, mark: Ticks(600_005), index: IndexPrice(60_000_12345678), lastFundingRate: Rate(10_000),
            nextFunding: Timestamp(milliseconds: 28_800_000), time: Timestamp(milliseconds: 5_000))
        #expect(
            StreamFixture.json { $0.markPrice(mark, format) }
                == #"{"e":"markPrice","E":5000,"s":"BTC-USDT-PERP","p":"60000.50","i":"60000.12345678","#
                + #""r":"0.0001","T":28800000}"#)
        let forced = ForcedOrder(
            order: OrderID(9), account: AccountID(1), market: market, side: .sell, price: Ticks(570_000),
            quantity: Steps(500), executed: Steps(400), executedNotional: Units(2_280_000_000_000), fee: Units(1),
            time: Timestamp(milliseconds: 9))
        #expect(
            StreamFixture.json { $0.forceOrder(forced, format) }
                == #"{"e":"forceOrder","E":9,"o":{"s":"BTC-USDT-PERP","S":"SELL","q":"0.5","#
                + #""p":"57000.00","ap":"57000.00","X":"EXPIRED","T":9}}"#)
    }

    @Test("marks and forced orders go to those who follow them")
    func topics() throws {
        var topics = MarketTopics(market, updateID: 0)
        topics.setFormat(try StreamFixture.format(StreamFixture.perpetual))
        let data = HeldMarketData()
        var messages = MarketMessages()
        let mark = MarkPrice(
            market: market, mark: Ticks(1), index: IndexPrice(1), lastFundingRate: .zero, nextFunding: .zero,
            time: .zero)
        topics.apply(mark)
        topics.finishBatch(data, into: &messages)
        #expect(messages.items.isEmpty, "nobody follows it")
        topics.readerCame(to: .markPrice, data)
        topics.apply(mark)
        topics.finishBatch(data, into: &messages)
        #expect(messages.items.map(\.key) == [.market(market, .markPrice)])
    }

    @Test("what an account is told of its futures wallet, and that it is the same after it has been stored")
    func userEvents() throws {
        let position = Position(
            account: AccountID(1), market: market, side: .both, marginType: .crossed, leverage: 20,
            quantity: Steps(-500), cost: Units(3_000_000_000_000), isolatedWallet: .zero, fees: Units(5),
            profit: Units(-100_000_000),
            updatedAt: Timestamp(milliseconds: 9))
        let change = BalanceChange(
            account: AccountID(1), wallet: .futures, asset: StreamFixture.usdt.id, free: Units(100_000_000),
            held: Units(50_000_000))
        let events: [UserEvent] = [
            .futuresAccount(.funding, [change], [position]),
            .futuresMarginCall(ratio: Units(80_000_000), positions: [position]),
        ]
        let letters =
            #"[{"s":"BTC-USDT-PERP","ps":"BOTH","pa":"-0.5","ep":"60000.00","up":"-1.00000000","mt":"CROSSED","#
            + #""iw":"0.00000000"}]"#
        let bodies = [
            #""e":"futuresAccountUpdate","E":9,"T":9,"a":{"m":"FUNDING_FEE","#
                + #""B":[{"a":"USDT","wb":"1.50000000","cw":"1.00000000"}],"P":\#(letters)}"#,
            #""e":"marginCall","E":9,"product":"futures","level":"0.80000000","positions":\#(letters)"#,
        ]
        for (event, body) in zip(events, bodies) {
            let numbered = NumberedUserEvent(
                account: AccountID(1), seq: 5, stamp: StreamFixture.stamp(9), event: event)
            #expect(StreamFixture.json { $0.userEvent(numbered, directory) } == "{\(body),\"seq\":5}")
            var writer = ByteWriter(capacity: 64)
            writer.encode(event)
            let read = try writer.array().span.bytes.withUnsafeBytes { (bytes) throws in
                var reader = ByteReader(bytes)
                return try reader.decode(UserEvent.self)
            }
            #expect(read == event)
        }
    }

    @Test("an order's update has the letters of an execution report in one object, with what the fill realised")
    func orderUpdate() throws {
        var order = OrderState(
            id: OrderID(7), account: AccountID(1), market: market, wallet: .futures, side: .sell, type: .stopLoss,
            timeInForce: .gtc, selfTradePrevention: .expireMaker, status: .filled, price: .zero, quantity: Steps(500),
            executed: Steps(500), executedNotional: Units(3_000_000_000_000), quoteQuantity: .zero,
            clientOrderID: ClientOrderID("x") ?? .none, createdAt: Timestamp(milliseconds: 3),
            updatedAt: Timestamp(milliseconds: 5))
        order.particulars = 1 << 122 | 1 << 124 | 590_000
        let fill = OrderFill(
            order: order, trade: TradeID(4), price: Ticks(600_000), quantity: Steps(500),
            notional: Units(3_000_000_000_000), commission: Units(1_500_000_000),
            commissionAsset: StreamFixture.usdt.id, liquidity: .taker)
        let event = NumberedUserEvent(
            account: AccountID(1), seq: 5, stamp: StreamFixture.stamp(9),
            event: .order(order, .trade(fill, realizedProfit: Units(-200_000_000))))
        #expect(
            StreamFixture.json { $0.userEvent(event, directory) }
                == #"{"e":"futuresOrderUpdate","E":5,"T":5,"o":{"s":"BTC-USDT-PERP","c":"x","S":"SELL","#
                + #""o":"STOP_MARKET","f":"GTC","q":"0.5","p":"0.00","P":"59000.00","g":-1,"C":"","x":"TRADE","#
                + #""X":"FILLED","r":"NONE","i":7,"l":"0.5","L":"60000.00","n":"15.00000000","N":"USDT","t":4,"#
                + #""m":false,"Y":"30000","z":"0.5","T":5,"w":false,"Z":"30000","Q":"0","wallet":"futures","#
                + #""ps":"BOTH","R":true,"cp":false,"sp":"59000.00","wt":"MARK_PRICE","rp":"-2.00000000","#
                + #""pP":false,"AP":"0.00","cr":"0","ot":"STOP_MARKET"},"seq":5}"#)
    }
}
