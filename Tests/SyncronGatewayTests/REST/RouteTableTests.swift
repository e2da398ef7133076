import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Routes")
struct RouteTableTests {
    private let router = Router(RouteTable.all)

    @Test("every route is found by its method and path")
    func all() {
        for route in RouteTable.all {
            guard case .route(let found) = router.find(method: route.method.rawValue, path: route.path) else {
                Issue.record("\(route.method.rawValue) \(route.path)")
                continue
            }
            #expect(found.path == route.path && found.method == route.method)
        }
    }

    @Test("a known path under another method says which there are")
    func otherMethods() throws {
        guard case .otherMethods(let allow, let group) = router.find(method: "PATCH", path: "/v1/trading/order") else {
            throw FixtureFailure("the path was not found")
        }
        #expect(allow == "DELETE, GET, POST, PUT")
        #expect(group == .trading)
    }

    @Test(
        "an unknown path is nothing, however near it is",
        arguments: [
            "", "/v1", "/v1/trading/order/", "/v1/Trading/order", "/trading/order", "/v1/trading/orders/1", "//v1/ping",
        ])
    func nothing(path: String) throws {
        guard case .nothing = router.find(method: "GET", path: path) else {
            throw FixtureFailure("it was found")
        }
    }

    @Test(
        "a path that leads nowhere is charged to the group it looks like",
        arguments: [
            ("/v1/trading/nope", RouteGroup.trading), ("/v1/account/nope", .account), ("/v1/userDataStreams", .account),
            ("/api/v3/margin/nope", .margin), ("/v1/api/v3/margin/nope", .margin), ("/v1/futures/nope", .futures),
            ("/v1/market/nope", .market), ("/nope", .market),
        ])
    func groups(path: String, group: RouteGroup) { #expect(RouteGroup(path: path) == group) }

    private func weight(_ path: String, _ query: String) throws -> UInt32 {
        let route = try #require(RouteTable.all.first { $0.path == path })
        return route.weight.of(try Parameters(query: ByteBuffer(string: query)))
    }

    @Test(
        "weights are the contract's",
        arguments: [
            ("/v1/ping", "", 1), ("/v1/market/ticker", "", 40), ("/v1/market/ticker", "symbol=BTC-USDT", 1),
            ("/v1/market/ticker/price", "", 2), ("/v1/market/ticker/bookTicker", "", 2),
            ("/v1/market/ticker/bookTicker", "symbol=BTC-USDT", 1), ("/v1/market/orderbook", "", 1),
            ("/v1/market/orderbook", "limit=100", 1), ("/v1/market/orderbook", "limit=101", 5),
            ("/v1/market/orderbook", "limit=500", 5), ("/v1/market/orderbook", "limit=501", 10),
            ("/v1/market/depth", "limit=1000", 10), ("/v1/market/depth", "limit=1001", 50),
            ("/v1/market/depth", "limit=5000", 50), ("/v1/market/depth", "limit=5001", 1),
            ("/v1/market/depth", "limit=x", 1), ("/v1/market/historicalTrades", "", 5),
            ("/v1/trading/openOrders", "", 40), ("/v1/trading/openOrders", "symbol=BTC-USDT", 1),
            ("/v1/trading/allOrders", "symbol=BTC-USDT", 5), ("/v1/account/trades", "", 5),
            ("/api/v3/margin/account", "", 10), ("/v1/api/v3/margin/balance", "asset=BTC", 5),
            ("/api/v3/margin/maxBorrowable", "asset=BTC", 5), ("/api/v3/margin/maxTransferable", "asset=BTC", 5),
            ("/api/v3/margin/openOrders", "", 40), ("/api/v3/margin/openOrders", "symbol=BTC-USDT", 1),
            ("/api/v3/margin/allOrders", "symbol=BTC-USDT", 5), ("/api/v3/margin/myTrades", "", 5),
        ] as [(String, String, UInt32)])
    func weights(path: String, query: String, expected: UInt32) throws {
        #expect(try weight(path, query) == expected)
    }

    @Test("only placing and amending an order count in the order rate; a batch counts each of its own")
    func orderRate() {
        let counted = RouteTable.all.filter { $0.orderRate == .counted }.map { "\($0.method.rawValue) \($0.path)" }
        #expect(
            Set(counted) == [
                "POST /v1/trading/order", "PUT /v1/trading/order", "POST /v1/trading/order/oco",
                "POST /v1/trading/order/cancelReplace", "POST /api/v3/margin/order",
                "POST /v1/api/v3/margin/order", "POST /v1/futures/order",
            ])
    }

    @Test("no route of an account or of trading is open to everyone")
    func access() {
        for route in RouteTable.all where route.group != .market && !route.path.hasPrefix("/v1/auth/") {
            if route.path.hasPrefix("/v1/futures/market/") { continue }
            #expect(route.access != .anyone && route.access != .operations, "\(route.path)")
        }
    }
}
