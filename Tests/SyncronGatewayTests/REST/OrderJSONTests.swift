import NIOCore
import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway
@testable import SyncronNode

@Suite("Orders to the letter")
struct OrderJSONTests {
    /// Half a bitcoin at 30,200.00, of which 0.3 went at an average of 30,199.996666….
    private var sample: OrderState {
        get throws {
            OrderState(
                id: OrderID(12_345_678), account: AccountID(7), market: MarketID(0), wallet: .spot, side: .buy,
                type: .limit, timeInForce: .gtc, selfTradePrevention: .expireMaker, status: .partiallyFilled,
                price: Ticks(3_020_000), quantity: Steps(50_000), executed: Steps(30_000),
                executedNotional: Units(905_999_900_000), quoteQuantity: .zero,
                clientOrderID: try #require(ClientOrderID("my_order_id_123")),
                createdAt: Timestamp(milliseconds: 1_626_954_321_000),
                updatedAt: Timestamp(milliseconds: 1_626_954_322_000))
        }
    }

    private func fill(_ trade: UInt64, price: Int64, steps: Int64, _ order: OrderState) -> OrderFill {
        OrderFill(
            order: order, trade: TradeID(trade), price: Ticks(price), quantity: Steps(steps),
            notional: Units(Int128(price) * Int128(steps) * 10), commission: Units(15_000),
            commissionAsset: AssetID(0), liquidity: .taker)
    }

    @Test("an order has the seed's fields first, then the others")
    func order() throws {
        let text = try StandardExchange.json { $0.order(try sample, try StandardExchange.format()) }
        #expect(
            text == #"{"orderId":12345678,"symbol":"BTC-USDT","status":"PARTIALLY_FILLED","#
                + #""clientOrderId":"my_order_id_123","price":"30200.00","origQty":"0.5","executedQty":"0.3","#
                + #""type":"LIMIT","side":"BUY","timeInForce":"GTC","transactTime":1626954322000,"#
                + #""cummulativeQuoteQty":"9059.999","avgPrice":"30200.00","stopPrice":"0.00","icebergQty":"0","#
                + #""origQuoteOrderQty":"0","time":1626954321000,"updateTime":1626954322000,"isWorking":true,"#
                + #""selfTradePreventionMode":"EXPIRE_MAKER"}"#)
    }

    @Test("an untouched market order prints zeros in their formats")
    func zeros() throws {
        var order = try sample
        order.type = .market
        order.price = .zero
        order.executed = .zero
        order.executedNotional = .zero
        order.particulars = 10_050_000_000
        order.status = .expired
        let text = try StandardExchange.json { $0.order(order, try StandardExchange.format()) }
        for part in [
            #""price":"0.00""#, #""executedQty":"0""#, #""cummulativeQuoteQty":"0""#, #""avgPrice":"0.00""#,
            #""origQuoteOrderQty":"100.5""#, #""status":"EXPIRED""#, #""type":"MARKET""#,
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test("fills carry price, quantity, commission at the asset's precision, and the trade's id")
    func fills() throws {
        let order = try sample
        let text = try StandardExchange.json {
            $0.fill(fill(9, price: 3_019_999, steps: 30_000, order), try StandardExchange.format())
        }
        #expect(
            text == #"{"price":"30199.99","qty":"0.3","commission":"0.00015000","commissionAsset":"BTC","tradeId":9}"#)
    }

    @Test("a market of other precisions prints its own decimals")
    func otherMarket() throws {
        var order = try sample
        order.market = MarketID(3)
        order.price = Ticks(5_123)
        order.quantity = Steps(1_500)
        order.executed = .zero
        order.executedNotional = .zero
        let text = try StandardExchange.json { $0.order(order, try StandardExchange.format("ETH-BTC")) }
        #expect(text.contains(#""symbol":"ETH-BTC""#))
        #expect(text.contains(#""price":"0.05123","origQty":"1.5","executedQty":"0""#))
        #expect(text.contains(#""avgPrice":"0.00000","stopPrice":"0.00000""#))
    }

    @Test(
        "an average price is rounded half up to the market's precision",
        arguments: [
            // Notional in units of 10^-8 USDT over steps of 0.00001 BTC: 1 step at 30,000.00 is 30,000,000.
            (30_000_000, 1, 3_000_000), (60_000_010, 2, 3_000_001), (90_000_010, 3, 3_000_000),
            (90_000_020, 3, 3_000_001), (0, 0, 0),
        ] as [(Int128, Int64, Int128)])
    func average(notional: Int128, steps: Int64, price: Int128) throws {
        #expect(try StandardExchange.format().averagePrice(Units(notional), Steps(steps)) == price)
    }

    @Test("every status has its word")
    func statuses() {
        let all: [OrderStatus] = [.new, .partiallyFilled, .filled, .canceled, .expired, .expiredInMatch]
        let words = ["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED", "EXPIRED_IN_MATCH"]
        #expect(all.map(\.wireName) == words)
    }

    // MARK: What a command did to an order

    private func outcome(_ events: [Event]) -> Outcome {
        Outcome(stamp: Stamp(sequence: Sequence(1), time: .zero), events: events[...])
    }

    private func state(_ id: UInt64, _ account: UInt32, _ status: OrderStatus) throws -> OrderState {
        let state = try sample
        return OrderState(
            id: OrderID(id), account: AccountID(account), market: state.market, wallet: .spot, side: state.side,
            type: state.type, timeInForce: state.timeInForce, selfTradePrevention: state.selfTradePrevention,
            status: status, price: state.price, quantity: state.quantity, executed: state.executed,
            executedNotional: state.executedNotional, quoteQuantity: .zero, clientOrderID: state.clientOrderID,
            createdAt: state.createdAt, updatedAt: state.updatedAt)
    }

    @Test("of all that a command did, an order's answer shows its own fills and its own end")
    func ownEvents() throws {
        let maker = try state(1, 8, .filled)
        let ownMaker = try state(2, 7, .expiredInMatch)
        let taker = try state(3, 7, .expired)
        let outcome = outcome([
            .orderAccepted(try state(3, 7, .new)),
            .orderFilled(fill(1, price: 1, steps: 1, maker)),
            .orderFilled(fill(1, price: 1, steps: 1, try state(3, 7, .partiallyFilled))),
            .orderEnded(OrderEnd(order: ownMaker)),
            .orderEnded(OrderEnd(order: taker)),
        ])
        let result = try #require(OrderOutcome(outcome, account: AccountID(7)))
        #expect(result.order == taker)
        var fills: [OrderFill] = []
        result.forEachFill { fills.append($0) }
        #expect(fills.map(\.order.id) == [OrderID(3)])
    }

    @Test("a cancel's answer shows the order that ended")
    func canceled() throws {
        let ended = try state(2, 7, .canceled)
        #expect(OrderOutcome(outcome([.orderEnded(OrderEnd(order: ended))]), account: AccountID(7))?.order == ended)
    }

    @Test("an outcome without the account's order has no answer")
    func nothing() throws {
        let foreign = try state(2, 8, .canceled)
        #expect(OrderOutcome(outcome([.orderEnded(OrderEnd(order: foreign))]), account: AccountID(7)) == nil)
        #expect(OrderOutcome(outcome([]), account: AccountID(7)) == nil)
    }
}
