import Foundation
import SyncronWire
import Testing

@Suite("end to end: streams", .serialized)
struct StreamTests {
    let directory: TemporaryDirectory
    let exchange: ExchangeProcess

    init() throws {
        directory = try TemporaryDirectory()
        exchange = try ExchangeProcess(data: directory.path)
    }

    @Test("trades and depth arrive as they happen")
    func market() async throws {
        let seller = try await exchange.trader(["BTC": "1"])
        let buyer = try await exchange.trader(["USDT": "100000"])
        let trades = try WebSocketClient(port: exchange.port, path: "/v1/ws/btc-usdt@trade")
        let depth = try WebSocketClient(port: exchange.port, path: "/ws/BTCUSDT@depth")
        _ = try await seller.limit("SELL", "0.5", "30200.00")
        _ = try await buyer.limit("BUY", "0.2", "30300.00")
        let trade = try #require(trades.next())
        #expect(trade["e"]?.text == "trade")
        #expect(trade["s"]?.text == "BTC-USDT")
        #expect(trade["p"]?.text == "30200.00")
        #expect(trade["q"]?.text == "0.2")
        #expect(trade["m"]?.boolean == false)
        var last: Int64?
        var quantity: String?
        while quantity != "0.3", let update = depth.next() {
            let (first, final) = (update["U"]?.integer, update["u"]?.integer)
            if let last { #expect(first == last + 1) }
            last = final
            quantity = update["a"]?.items?.last?[1]?.text ?? quantity
        }
        #expect(quantity == "0.3")
    }

    @Test("SUBSCRIBE, LIST_SUBSCRIPTIONS and UNSUBSCRIBE are answered, and a bad one is an error")
    func subscribe() async throws {
        let socket = try WebSocketClient(port: exchange.port, path: "/v1/stream")
        socket.send(#"{"method": "SUBSCRIBE", "params": ["btc-usdt@trade"], "id": 1}"#)
        #expect(socket.next()?["id"]?.integer == 1)
        socket.send(#"{"method": "LIST_SUBSCRIPTIONS", "id": 2}"#)
        #expect(socket.next()?["result"]?.items?.count == 1)
        socket.send(#"{"method": "SUBSCRIBE", "params": ["nowhere@trade"], "id": 3}"#)
        #expect(socket.next()?["error"]?["code"]?.integer == 1006)
        let seller = try await exchange.trader(["BTC": "1"])
        let buyer = try await exchange.trader(["USDT": "100000"])
        _ = try await seller.limit("SELL", "0.5", "30200.00")
        _ = try await buyer.limit("BUY", "0.2", "30300.00")
        let wrapped = try #require(socket.next())
        #expect(wrapped["stream"]?.text == "btc-usdt@trade")
        #expect(wrapped["data"]?["e"]?.text == "trade")
        socket.send(#"{"method": "UNSUBSCRIBE", "params": ["btc-usdt@trade"], "id": 4}"#)
        #expect(socket.next { $0["id"]?.integer == 4 }?["result"] == .null)
    }

    @Test("the user stream tells of orders and balances in order, and again from a number on")
    func user() async throws {
        let seller = try await exchange.trader(["BTC": "1"])
        let buyer = try await exchange.trader(["USDT": "100000"])
        let key = try #require(try await buyer.send("POST", "/v1/userDataStream").json["listenKey"]?.text)
        let live = try WebSocketClient(port: exchange.port, path: "/v1/ws/user?listenKey=\(key)")
        _ = try await seller.limit("SELL", "0.5", "30200.00")
        _ = try await buyer.limit("BUY", "0.2", "30300.00")
        var events: [JSONValue] = []
        while events.last?["e"]?.text != "outboundAccountPosition", let event = live.next() { events.append(event) }
        #expect(events.compactMap { $0["x"]?.text } == ["NEW", "TRADE"])
        let numbers = events.compactMap { $0["seq"]?.integer }
        #expect(numbers == Array((numbers.first ?? 0)..<((numbers.first ?? 0) + Int64(events.count))))
        let again = try WebSocketClient(port: exchange.port, path: "/v1/ws/user?listenKey=\(key)&fromSeq=\(numbers[0])")
        for event in events { #expect(again.next()?["seq"] == event["seq"]) }
    }

    @Test("a wrong path is 404 and an unknown listen key 401, before the upgrade")
    func refused() throws {
        for (path, status) in [("/v1/ws/user?listenKey=nothing", 401), ("/v2/ws", 404)] {
            do {
                _ = try WebSocketClient(port: exchange.port, path: path)
                Issue.record("\(path) was accepted")
            } catch let refused as WebSocketClient.Refused {
                #expect(refused.status == status, "\(path)")
            }
        }
    }
}
