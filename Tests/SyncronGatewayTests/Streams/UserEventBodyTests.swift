import SyncronCore
import SyncronNode
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Events of user streams as JSON")
struct UserEventBodyTests {
    private func order(
        status: OrderStatus, executed: Int64 = 0, notional: Int128 = 0, type: OrderType = .limit,
        quoteQuantity: Int128 = 0
    ) throws -> OrderState {
        OrderState(
            id: OrderID(4_293_153), account: AccountID(1), market: StreamFixture.btcUSDT.id, wallet: .spot, side: .buy,
            type: type, timeInForce: .gtc, selfTradePrevention: .expireMaker, status: status,
            price: Ticks(type == .market ? 0 : 3_020_000), quantity: Steps(50_000), executed: Steps(executed),
            executedNotional: Units(notional), quoteQuantity: Units(quoteQuantity),
            clientOrderID: try #require(ClientOrderID("my_order_id_123")),
            createdAt: Timestamp(milliseconds: 1_499_405_658_658),
            updatedAt: Timestamp(milliseconds: 1_499_405_658_658))
    }

    private func text(_ event: UserEvent, seq: UInt64 = 9) -> String {
        let numbered = NumberedUserEvent(
            account: AccountID(1), seq: seq, stamp: StreamFixture.stamp(1_499_405_658_658), event: event)
        return StreamFixture.json { $0.userEvent(numbered, StreamFixture.directory) }
    }

    private let head = #"{"e":"executionReport","E":1499405658658,"s":"BTC-USDT","c":"my_order_id_123","S":"BUY","#

    @Test("a new order")
    func new() throws {
        #expect(
            text(.order(try order(status: .new), .new))
                == head
                + #""o":"LIMIT","f":"GTC","q":"0.5","p":"30200.00","P":"0.00","g":-1,"C":"","x":"NEW","X":"NEW","#
                + #""r":"NONE","i":4293153,"l":"0","L":"0.00","n":"0","N":null,"t":-1,"m":false,"Y":"0","z":"0","#
                + #""T":1499405658658,"w":true,"Z":"0","Q":"0","wallet":"spot","seq":9}"#)
    }

    @Test("a fill that leaves something open")
    func trade() throws {
        let order = try order(status: .partiallyFilled, executed: 20_000, notional: 604_000_000_000)
        let fill = OrderFill(
            order: order, trade: TradeID(77), price: Ticks(3_019_900), quantity: Steps(12_000),
            notional: Units(362_388_000_000), commission: Units(18_000), commissionAsset: StreamFixture.btc.id,
            liquidity: .maker)
        #expect(
            text(.order(order, .trade(fill)))
                == head + #""o":"LIMIT","f":"GTC","q":"0.5","p":"30200.00","P":"0.00","g":-1,"C":"","x":"TRADE","#
                + #""X":"PARTIALLY_FILLED","r":"NONE","i":4293153,"l":"0.12","L":"30199.00","n":"0.00018000","N":"BTC","#
                + #""t":77,"m":true,"Y":"3623.88","z":"0.2","T":1499405658658,"w":true,"Z":"6040","Q":"0","#
                + #""wallet":"spot","seq":9}"#)
    }

    @Test("a cancel names the order's own id as the original one")
    func canceled() throws {
        let text = text(.order(try order(status: .canceled, executed: 20_000, notional: 604_000_000_000), .canceled))
        #expect(text.contains(#""C":"my_order_id_123","x":"CANCELED","X":"CANCELED""#))
        #expect(text.contains(#""l":"0","L":"0.00","n":"0","N":null,"t":-1,"m":false,"Y":"0","z":"0.2""#))
        #expect(text.contains(#""w":false,"Z":"6040""#))
    }

    @Test("an order that expired says whether self-trade prevention did it")
    func expired() throws {
        let own = text(.order(try order(status: .expired), .expired))
        #expect(own.contains(#""C":"","x":"EXPIRED","X":"EXPIRED""#))
        let inMatch = text(.order(try order(status: .expiredInMatch), .expired))
        #expect(inMatch.contains(#""x":"EXPIRED","X":"EXPIRED_IN_MATCH""#))
    }

    @Test("a market order by quote has no price, and the quote it was for")
    func marketByQuote() throws {
        let order = try order(
            status: .filled, executed: 166, notional: 9_960_000_000, type: .market, quoteQuantity: 10_000_000_000)
        let text = text(.order(order, .new))
        #expect(text.contains(#""o":"MARKET","f":"GTC","q":"0.5","p":"0.00""#))
        #expect(text.contains(#""w":false,"Z":"99.6","Q":"100","wallet":"spot""#))
    }

    @Test("balances after a command")
    func balances() {
        func change(_ asset: Asset, _ free: Int128, _ held: Int128) -> BalanceChange {
            BalanceChange(account: AccountID(1), wallet: .margin, asset: asset.id, free: Units(free), held: Units(held))
        }
        #expect(
            text(
                .balances(
                    .margin, [change(StreamFixture.btc, 15_000_000, 0), change(StreamFixture.usdt, 1, 100_000_000)]))
                == #"{"e":"outboundAccountPosition","E":1499405658658,"u":1499405658658,"B":["#
                + #"{"a":"BTC","f":"0.15000000","l":"0.00000000"},{"a":"USDT","f":"0.00000001","l":"1.00000000"}],"#
                + #""wallet":"margin","seq":9}"#)
    }

    @Test("money that came from outside")
    func balanceUpdate() {
        #expect(
            text(.balanceUpdate(.spot, StreamFixture.usdt.id, Units(10_000_000_000)), seq: 1)
                == #"{"e":"balanceUpdate","E":1499405658658,"a":"USDT","d":"100.00000000","T":1499405658658,"#
                + #""wallet":"spot","seq":1}"#)
    }

    @Test("the end of a listen key")
    func listenKeyExpired() {
        #expect(
            text(.listenKeyExpired("abc"))
                == #"{"e":"listenKeyExpired","E":1499405658658,"listenKey":"abc","seq":9}"#)
    }

    @Test("a gap")
    func resync() {
        #expect(StreamFixture.json { $0.resync(firstSeq: 12) } == #"{"e":"resync","firstSeq":12}"#)
    }
}
