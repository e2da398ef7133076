import Foundation
import Testing

@Suite("end to end: command line", .serialized)
struct CommandLineTests {
    @Test("every command explains itself", arguments: ["", "serve", "admin", "replay", "journal", "bench", "keys"])
    func help(_ command: String) throws {
        let (status, output) = try runSyncron(command.isEmpty ? ["--help"] : [command, "--help"])
        #expect(status == 0)
        #expect(output.contains("USAGE"))
    }

    @Test(
        "bad values are named and end with a status that is not 0",
        arguments: [
            (["serve", "--port", "x"], "--port"), (["serve", "--port", "70000"], "--port"),
            (["serve", "--clock", "sundial"], "--clock"), (["serve", "--tls-cert", "a.pem"], "--tls-key"),
            (["serve", "--config", "/nowhere.yaml"], "--config"),
            (["serve", "--trusted-proxy", "x"], "--trusted-proxy"),
            (["journal", "verify", "--data", "/nowhere"], "--data"), (["nonsense"], "nonsense"),
            (["keys", "sign"], "--secret"), (["serve", "--cors-origin", "zzz"], "--cors-origin: 'zzz'"),
            (["serve", "--cors-origin", "https://a.example/path"], "--cors-origin"),
            (["serve", "--tls-cert", "/no/cert.pem", "--tls-key", "/no/key.pem"], "--tls-cert: no certificate"),
            (["admin", "status", "--admin-port", "0"], "--admin-port"),
        ])
    func badValues(_ arguments: [String], _ named: String) throws {
        let (status, output) = try runSyncron(arguments)
        #expect(status != 0)
        #expect(output.contains(named), "\(output)")
    }

    @Test("keys sign gives the HMAC that openssl gives")
    func sign() throws {
        let (status, output) = try runSyncron(["keys", "sign", "--secret", "s", "--query", "a=1&signature=x&b=2"])
        #expect(status == 0)
        let shell = try run(
            URL(fileURLWithPath: "/bin/sh"),
            ["-c", "printf %s 'a=1&b=2' | openssl dgst -sha256 -hmac s -r | cut -d' ' -f1"])
        #expect(output == shell.output)
    }

    @Test("admin calls from the command line do what they say")
    func admin() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path)
        func admin(_ arguments: String...) throws -> (status: Int32, output: String) {
            try runSyncron(
                ["admin"] + arguments + ["--data", directory.path, "--admin-port", "\(exchange.adminPort)"])
        }
        #expect(try admin("open-account", "--email", "a@example.com").output.contains(#""accountId":1"#))
        #expect(try admin("create-key", "1", "--permission", "read").output.contains("secret"))
        let deposit = try admin("deposit", "--account", "1", "--asset", "USDT", "--amount", "5", "--tx-id", "t")
        #expect(deposit.status == 0, "\(deposit.output)")
        #expect(try admin("ledger").output.contains(#""balanced":true"#))
        #expect(try admin("status").output.contains("stateHash"))
        let refused = try admin("deposit", "--account", "9", "--asset", "USDT", "--amount", "5", "--tx-id", "t")
        #expect(refused.status != 0)
    }

    @Test("an admin call to nobody is one line that says what to look for")
    func nobodyThere() throws {
        let directory = try TemporaryDirectory()
        let (status, output) = try runSyncron(
            ["admin", "status", "--data", directory.path, "--admin-port", "1"],
            environment: ["SYNCRON_ADMIN_TOKEN": "0123456789abcdef0123456789abcdef"])
        #expect(status != 0)
        #expect(output.contains("127.0.0.1:1 does not answer"), "\(output)")
        #expect(output.split(separator: "\n").count == 1 && !output.contains("NSError"), "\(output)")
    }

    @Test("a replay up to a command prints the state then; one beyond the journal's end fails and says so")
    func replayUntil() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path, ["--no-sandbox", "--clock", "manual"])
        var trader = try await exchange.trader(["USDT": "1000"])
        trader.clock = try await exchange.get("/v1/time").json["serverTime"]?.integer
        _ = try await trader.limit("BUY", "0.01", "10000.00")
        let then = try #require(try await exchange.admin("GET", "/admin/status").json["sequence"]?.integer)
        _ = try await trader.limit("BUY", "0.01", "20000.00")
        let last = try #require(try await exchange.admin("GET", "/admin/status").json["sequence"]?.integer)
        #expect(exchange.stop() == 0)
        let (status, output) = try runSyncron(["replay", "--data", directory.path, "--until", "\(then)"])
        #expect(status == 0, "\(output)")
        #expect(output.contains("USDT  free 900.00000000  locked 100.00000000"), "\(output)")
        #expect(output.contains(#""price":"10000.00""#) && !output.contains(#""price":"20000.00""#), "\(output)")
        let beyond = try runSyncron(["replay", "--data", directory.path, "--until", "\(last + 1)"])
        #expect(beyond.status != 0)
        #expect(beyond.output.contains("--until: the journal ends at \(last)"), "\(beyond.output)")
    }

    @Test("a manual clock stands still until it is advanced")
    func manualClock() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path, ["--no-sandbox", "--clock", "manual"])
        let first = try await exchange.get("/v1/time").json["serverTime"]?.integer
        try await Task.sleep(for: .milliseconds(30))
        #expect(try await exchange.get("/v1/time").json["serverTime"]?.integer == first)
        _ = try await exchange.admin("POST", "/admin/clock/advance", #"{"milliseconds": 5000}"#)
        #expect(try await exchange.get("/v1/time").json["serverTime"]?.integer == first.map { $0 + 5_000 })
        exchange.stop()
        let again = try ExchangeProcess(data: directory.path, ["--no-sandbox", "--clock", "manual"])
        #expect(try await again.get("/v1/time").json["serverTime"]?.integer == first.map { $0 + 5_000 })
    }

    @Test("the README's first trade works as it is pasted")
    func readme() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path + "/data", ["--sandbox"])
        let text = try String(
            contentsOf: ExchangeProcess.root.appendingPathComponent("README.md"), encoding: .utf8)
        let section = try #require(
            text.components(separatedBy: "## A first trade").last?.components(separatedBy: "## ").first)
        let commands = section.split(separator: "\n").filter { $0.hasPrefix("    ") }
            .map { $0.dropFirst(4).replacingOccurrences(of: "127.0.0.1:8080", with: "127.0.0.1:\(exchange.port)") }
        #expect(commands.count > 5)
        // The traders need a moment before there is something to buy.
        for _ in 0..<200 {
            let book = try await exchange.get("/v1/market/orderbook?symbol=BTC-USDT")
            if let asks = book.json["asks"]?.items, asks.count > 5 { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        let (status, output) = try run(
            URL(fileURLWithPath: "/bin/bash"), ["-c", commands.joined(separator: "\n")], in: directory.path)
        #expect(status == 0, "\(output)")
        #expect(output.contains(#""bids":[["#), "\(output)")
        #expect(output.contains(#""status":"FILLED""#), "\(output)")
        #expect(output.contains(#""accountType":"spot""#), "\(output)")
        #expect(exchange.said.contains("curl"))
    }
}
