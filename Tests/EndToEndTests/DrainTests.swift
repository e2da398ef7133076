import Foundation
import Testing

/// A stop that is asked for: what was begun is finished, and who listens is told.
@Suite("end to end: drain", .serialized)
struct DrainTests {
    /// What was acknowledged; a request that was not answered at all is counted.
    private actor Tally {
        var acknowledged: Set<Int64> = []
        var unanswered = 0
        func note(_ id: Int64?) { if let id { acknowledged.insert(id) } else { unanswered += 1 } }
    }

    @Test("under load, a stop answers what it took, closes sockets with 1001 and loses no order")
    func stop() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path)
        var trader = try await exchange.trader(["USDT": "1000000"])
        let socket = try WebSocketClient(port: exchange.port, path: "/ws/btc-usdt@bookTicker")
        let tally = Tally()
        let load = Task { [trader] in
            await withTaskGroup { group in
                for lane in 0..<4 {
                    group.addTask {
                        for step in 0..<45 {
                            let answer = try? await trader.limit("BUY", "0.001", "\(10_000 + lane * 50 + step).00")
                            // Refused because it stops is an answer; none at all ends the lane.
                            await tally.note(answer.map { $0.json["orderId"]?.integer ?? 0 })
                            guard answer?.status == 200 else { return }
                        }
                    }
                }
            }
        }
        for _ in 0..<600 where await tally.acknowledged.count < 9 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(exchange.stop() == 0, "\(exchange.said)")
        await load.value
        #expect(socket.closeCode() == 1001)
        let again = try ExchangeProcess(data: directory.path)
        trader.url = again.url
        let open = try await trader.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT")
        let found = Set((open.json.items ?? []).compactMap { $0["orderId"]?.integer })
        let acknowledged = await tally.acknowledged.subtracting([0])
        #expect(acknowledged.count > 4 && acknowledged.isSubset(of: found))
        // One of each lane may have been on its way when the port closed.
        #expect(found.count <= acknowledged.count + 4)
    }

    @Test("the master key is changed under load, and every API key goes on working")
    func rotation() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path)
        let trader = try await exchange.trader(["USDT": "1000"])
        let load = Task { [trader] in
            var statuses: Set<Int> = []
            for _ in 0..<60 {
                if let answer = try? await trader.send("GET", "/v1/account/info") { statuses.insert(answer.status) }
            }
            return statuses
        }
        let rotated = try await exchange.admin("POST", "/admin/master-key/rotate")
        #expect(rotated.status == 200, "\(rotated.text)")
        #expect(await load.value == [200])
        exchange.kill9()
        let again = try ExchangeProcess(data: directory.path)
        var later = trader
        later.url = again.url
        #expect(try await later.send("GET", "/v1/account/info").status == 200)
    }
}
