import Foundation
import SyncronWire
import Testing

@Suite("end to end: backup and restore", .serialized)
struct BackupTests {
    @Test("a backup taken under load holds all that was acknowledged before, and a restored exchange goes on from it")
    func underLoad() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path + "/data")
        var trader = try await exchange.trader(["USDT": "10000000"])
        let first = try await trader.limit("BUY", "0.001", "10000.00")
        _ = try await exchange.admin("POST", "/admin/snapshot")
        // Cancelling a request under way can leave it waiting for ever; this lets the last one end.
        let end = EndOfLoad()
        let load = Task { [trader] in
            var placed = 0
            while await !end.isSet {
                let price = "\(10_000 + placed % 50).00"
                if try await trader.limit("BUY", "0.001", price).status == 200 { placed += 1 }
            }
            return placed
        }
        for _ in 0..<20 { _ = try await trader.limit("BUY", "0.001", "9000.00") }
        let before = try #require(try await exchange.admin("GET", "/admin/status").json["sequence"]?.integer)
        let backup = directory.path + "/backup"
        let (status, output) = try runSyncron(["backup", "--data", exchange.data, "--to", backup])
        await end.set()
        _ = await load.result
        #expect(status == 0, "\(output)")
        let line = output.split(separator: "\n").first { $0.hasPrefix("sequence") }
        let sequence = try #require(line?.split(separator: " ").last.flatMap { Int64($0) })
        #expect(sequence >= before)
        exchange.kill9()

        let again = try runSyncron(["backup", "--data", exchange.data, "--to", backup])
        #expect(again.status != 0 && again.output.contains("exists already"), "\(again.output)")
        let data = directory.path + "/restored"
        let restored = try runSyncron(["restore", "--from", backup, "--data", data])
        #expect(restored.status == 0, "\(restored.output)")
        let verified = try runSyncron(["replay", "--data", data, "--verify"])
        #expect(verified.status == 0, "\(verified.output)")
        let second = try ExchangeProcess(data: data)
        #expect(try #require(try await second.admin("GET", "/admin/status").json["sequence"]?.integer) >= sequence)
        trader.url = second.url
        let id = try #require(first.json["orderId"]?.integer)
        let found = try await trader.send("GET", "/v1/trading/order", "symbol=BTC-USDT&orderId=\(id)")
        #expect(found.json["status"]?.text == "NEW", "\(found.text)")
        #expect(try await trader.limit("BUY", "0.001", "10000.00").status == 200)
        #expect(try await second.admin("GET", "/admin/ledger").text.contains(#""balanced":true"#))
    }

    @Test("nothing is overwritten, and a place that cannot be is named")
    func refusals() throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path + "/data")
        #expect(exchange.stop() == 0)
        for (arguments, named) in [
            (["backup", "--data", "/nowhere", "--to", directory.path + "/b"], "/nowhere"),
            (["restore", "--from", "/nowhere", "--data", directory.path + "/c"], "/nowhere"),
            (["restore", "--from", exchange.data, "--data", exchange.data], "exists already"),
            (["backup", "--data", exchange.data, "--to", "/proc/none/b"], "/proc/none"),
        ] {
            let (status, output) = try runSyncron(arguments)
            #expect(status != 0)
            #expect(output.contains(named), "\(output)")
        }
        let lean = directory.path + "/lean"
        #expect(try runSyncron(["backup", "--data", exchange.data, "--to", lean, "--without-keys"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: lean + "/master.key"))
        #expect(FileManager.default.fileExists(atPath: lean + "/journal"))
    }
}

private actor EndOfLoad {
    private(set) var isSet = false
    func set() { isSet = true }
}
