import Foundation
import SyncronWire
import Testing

@Suite("end to end: crash and restart", .serialized)
struct CrashTests {
    /// What the client was told, and must find again.
    actor Acknowledged {
        var orders: [Int64: String] = [:]
        func note(_ id: Int64, _ status: String) { orders[id] = status }
    }

    @Test("no acknowledged order is lost when the process is killed under load, again and again")
    func killed() async throws {
        let directory = try TemporaryDirectory()
        var exchange = try ExchangeProcess(data: directory.path)
        var trader = try await exchange.trader(["USDT": "10000000"])
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Mixer(state: seed)
        let acknowledged = Acknowledged()
        for cycle in 0..<8 {
            trader.url = exchange.url
            let load = Task { [trader] in await Self.place(as: trader, acknowledged) }
            try await Task.sleep(for: .milliseconds(50 + Int64(random.next() % 400)))
            exchange.kill9()
            await load.value
            exchange = try ExchangeProcess(data: directory.path)
            trader.url = exchange.url
            let open = try await trader.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT")
            var found: [Int64: String] = [:]
            for order in open.json.items ?? [] {
                if let id = order["orderId"]?.integer { found[id] = order["status"]?.text }
            }
            for (id, status) in await acknowledged.orders where found[id] != status {
                let order = try await trader.send("GET", "/v1/trading/order", "symbol=BTC-USDT&orderId=\(id)")
                #expect(
                    order.json["status"]?.text == status, "seed \(seed), cycle \(cycle), order \(id): \(order.text)")
            }
            #expect(try await exchange.admin("GET", "/admin/ledger").text.contains(#""balanced":true"#))
        }
        let count = await acknowledged.orders.count
        #expect(count > 50, "the load was no load: \(count) orders, seed \(seed)")
        let digest = try await exchange.admin("GET", "/admin/status").json["stateHash"]?.text
        #expect(exchange.stop() == 0)
        let replayed = try runSyncron(["replay", "--data", directory.path, "--verify"])
        #expect(replayed.status == 0, "\(replayed.output)")
        #expect(digest.map { replayed.output.contains($0) } == true, "\(replayed.output)")
    }

    /// Four clients that place orders and cancel every third, until the exchange is gone.
    private static func place(as trader: Trader, _ acknowledged: Acknowledged) async {
        await withTaskGroup { group in
            for lane in 0..<4 {
                group.addTask {
                    for step in 0..<10_000 {
                        let price = "\(10_000 + (lane * 37 + step) % 50).00"
                        guard let placed = try? await trader.limit("BUY", "0.001", price),
                            let id = placed.json["orderId"]?.integer
                        else {
                            // Refused for too many open orders is an answer; no answer is the end.
                            if (try? await trader.send("GET", "/v1/account/info")) == nil { return }
                            continue
                        }
                        await acknowledged.note(id, "NEW")
                        guard step % 3 != 0 else { continue }
                        let canceled = try? await trader.send(
                            "DELETE", "/v1/trading/order", "symbol=BTC-USDT&orderId=\(id)")
                        if canceled?.status == 200 {
                            await acknowledged.note(id, "CANCELED")
                        } else {
                            // Unknown is neither open nor canceled: it may be either.
                            await acknowledged.forget(id)
                        }
                    }
                }
            }
        }
    }

    @Test("a clean stop and a start later everything is as it was, and the digest says so")
    func restart() async throws {
        let directory = try TemporaryDirectory()
        let first = try ExchangeProcess(data: directory.path)
        var trader = try await first.trader(["USDT": "1000"])
        let order = try await trader.limit("BUY", "0.01", "10000.00")
        let snapshot = try await first.admin("POST", "/admin/snapshot")
        #expect(snapshot.status == 200, "\(snapshot.text)")
        _ = try await trader.limit("BUY", "0.01", "11000.00")
        let before = try await first.admin("GET", "/admin/status")
        #expect(first.stop() == 0)
        let second = try ExchangeProcess(data: directory.path)
        trader.url = second.url
        let after = try await second.admin("GET", "/admin/status")
        #expect(after.json["stateHash"] == before.json["stateHash"])
        #expect(after.json["sequence"] == before.json["sequence"])
        let open = try await trader.send("GET", "/v1/trading/openOrders", "symbol=BTC-USDT")
        #expect(open.json.items?.count == 2)
        #expect(open.json.items?.contains { $0["orderId"] == order.json["orderId"] } == true)
        #expect(try await trader.balance("USDT") == ("790.00000000", "210.00000000"))
    }

    @Test("asked to stop as soon as it says that it listens, it stops in order")
    func stopAtOnce() throws {
        let directory = try TemporaryDirectory()
        for _ in 0..<10 { #expect(try ExchangeProcess(data: directory.path).stop() == 0) }
    }

    @Test("two processes cannot run on one directory")
    func locked() throws {
        let directory = try TemporaryDirectory()
        let first = try ExchangeProcess(data: directory.path)
        let second = try runSyncron(["serve", "--data", directory.path, "--port", "0", "--admin-port", "0"])
        #expect(second.status != 0)
        #expect(second.output.contains("another process"))
        #expect(first.isRunning)
    }

    @Test("a flipped bit in the journal's past refuses the start with file, offset and sequence")
    func damage() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path)
        let trader = try await exchange.trader(["USDT": "1000"])
        for _ in 0..<20 { _ = try await trader.limit("BUY", "0.001", "10000.00") }
        exchange.kill9()
        let folder = directory.path + "/journal"
        let segments = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let segment = try #require(segments.first { FileManager.default.fileExists(atPath: "\(folder)/\($0)") })
        let file = try #require(FileHandle(forUpdatingAtPath: "\(folder)/\(segment)"))
        try file.seek(toOffset: 700)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 700)
        try file.write(contentsOf: Data([byte ^ 4]))
        try file.close()
        #expect(throws: ExchangeProcess.Failure.self) {
            do { _ = try ExchangeProcess(data: directory.path) } catch let failure as ExchangeProcess.Failure {
                #expect(failure.description.contains(segment), "\(failure)")
                #expect(failure.description.contains("sequence"), "\(failure)")
                #expect(failure.description.contains("offset") || failure.description.contains("byte"), "\(failure)")
                throw failure
            }
        }
        #expect(try runSyncron(["journal", "verify", "--data", directory.path]).status != 0)
    }

    @Test("a directory begun without the sandbox refuses it")
    func sandboxRefused() throws {
        let directory = try TemporaryDirectory()
        try ExchangeProcess(data: directory.path, ["--no-sandbox"]).stop()
        let second = try runSyncron([
            "serve", "--data", directory.path, "--port", "0", "--admin-port", "0", "--sandbox",
        ])
        #expect(second.status != 0)
        #expect(second.output.contains("sandbox"))
    }
}

extension CrashTests.Acknowledged {
    func forget(_ id: Int64) { orders[id] = nil }
}

/// A small generator whose seed is told when a test fails.
struct Mixer {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
