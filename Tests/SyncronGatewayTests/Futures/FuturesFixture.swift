import SyncronCore
import SyncronWire

@testable import SyncronGateway

extension ServiceFixture {
    func futures(_ method: String, _ path: String, _ query: String = "", as trader: Trader? = nil) async -> Answer {
        await send(method, "/v1/futures/\(path)", query, as: trader)
    }

    /// An account with so much USDT in its futures wallet, and nothing else.
    func futuresTrader(_ amount: String = "10000", permissions: Permissions = .all) async throws -> Trader {
        let trader = try await trader(["USDT": amount], permissions: .all)
        let moved = await futures("POST", "transfer", "asset=USDT&amount=\(amount)&from=spot&to=futures", as: trader)
        guard moved.status == 200 else { throw FixtureFailure("no transfer: \(moved.text)") }
        let most = ChangeAccount(account: trader.account, requestsPerMinute: .max, ordersPerSecond: .max)
        _ = try await node.submit(.changeAccount(most))
        return permissions == .all ? trader : try await key(of: trader.account, permissions: permissions)
    }

    /// The mark stands at 60,000 when nobody has traded.
    func beginPerpetuals() async throws {
        try await index(#"{"BTC":"60000.00"}"#)
        await advance(1_000)
    }

    func futuresOrder(
        _ side: String, _ quantity: String, at price: String, _ more: String = "", as trader: Trader
    ) async -> Answer {
        let order = "symbol=BTC-USDT-PERP&type=LIMIT&timeInForce=GTC&side=\(side)&quantity=\(quantity)&price=\(price)"
        return await futures("POST", "order", order + (more.isEmpty ? "" : "&\(more)"), as: trader)
    }

    /// One buys from the other.
    func trade(_ quantity: String, at price: String, buyer: Trader, seller: Trader) async throws {
        for (side, trader) in [("SELL", seller), ("BUY", buyer)] {
            let answer = await futuresOrder(side, quantity, at: price, as: trader)
            guard answer.status == 200 else { throw FixtureFailure("no trade: \(answer.text)") }
        }
    }
}
