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
            (["serve", "--journal-segment", "0"], "--journal-segment"),
            (["journal", "verify", "--data", "/nowhere"], "--data"), (["nonsense"], "nonsense"),
            (["keys", "sign"], "--secret"), (["serve", "--cors-origin", "zzz"], "--cors-origin: 'zzz'"),
            (["serve", "--cors-origin", "https://a.example/path"], "--cors-origin"),
            (["serve", "--tls-cert", "/no/cert.pem", "--tls-key", "/no/key.pem"], "--tls-cert: no certificate"),
            (["admin", "status", "--admin-port", "0"], "--admin-port"),
            (["bench", "http", "--connections", "0"], "--connections"),
            (["bench", "streams", "--subscribers", "0"], "--subscribers"),
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

    @Test("a benchmark says whether its thresholds are reached, and with --check its status does")
    func thresholds() throws {
        let directory = try TemporaryDirectory()
        func bench(_ name: String, _ more: String...) throws -> (status: Int32, output: String) {
            try runSyncron(
                ["bench", "recovery", "--commands", "2000", "--directory", "\(directory.path)/\(name)"] + more)
        }
        let (status, output) = try bench("a", "--check")
        let line = output.split(separator: "\n").first { $0.contains("at most 15") }
        #expect(line?.hasSuffix("reached") == (status == 0), "\(output)")
        #expect(line?.hasSuffix("missed") == (status == 1), "\(output)")
        #expect(try bench("b").status == 0)
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

    @Test("assets, markets and the custodian's part are managed from the command line")
    func adminOfFunds() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path)
        func admin(_ line: String) throws -> (status: Int32, output: String) {
            try runSyncron(
                ["admin"] + line.split(separator: " ").map(String.init)
                    + ["--data", directory.path, "--admin-port", "\(exchange.adminPort)"])
        }
        let asset = try admin("put-asset DOGE --decimals 4 --network DOGE=1.5 --network ETH")
        #expect(
            asset.output.contains(#"{"network":"DOGE","withdrawalFee":"1.5"},{"network":"ETH","withdrawalFee":"0"}"#))
        let market = try admin(
            "put-market DOGE-USDT --tick-size 0.0001 --min-price 0.001 --max-price 10 --step-size 1 --max-qty 1000"
                + " --min-notional 5 --price-precision 5 --status HALT --fee 0.0001/0.0002")
        #expect(market.status == 0, "\(market.output)")
        for part in [
            #""status":"HALT""#, #""pricePrecision":5"#, #""minPrice":"0.00100""#, #""tickSize":"0.00010""#,
            #""maxQty":"1000""#, #""takerCommission":"0.0002""#,
        ] { #expect(market.output.contains(part), "\(part): \(market.output)") }
        let changed = try admin("put-market doge-usdt --max-qty 500 --status TRADING")
        #expect(changed.output.contains(#""maxQty":"500""#) && changed.output.contains(#""minPrice":"0.00100""#))
        #expect(changed.output.contains(#""status":"TRADING""#))
        #expect(try admin("put-market DOGE-USDT --fee 1/2 --fee 1/2").status != 0)
        #expect(try admin("open-account").status == 0)
        #expect(
            try admin("deposit-address --account 1 --asset DOGE --network DOGE --address D7").output.contains(#""D7""#))
        #expect(try admin("put-lending USDT 5000").output.contains(#""amount":"5000.00000000""#))
        #expect(try admin("put-insurance USDT 7").output.contains(#""amount":"7.00000000""#))
        #expect(
            try admin("index-prices BTC=30000.5 ETH=").output.hasPrefix(#"{"BTC":"30000.50000000","ETH":null}"#))
        #expect(try admin("index-prices BTC").status != 0)
        #expect(
            try admin("put-asset DOGE --collateral-ratio 0.5 --daily-interest-rate 0.001").output.contains(
                #""collateralRatio":"0.5","dailyInterestRate":"0.001""#))
        #expect(try admin("withdrawals --status 0").output.hasPrefix("[]"))
        #expect(try admin("settle-withdrawal 1 --tx-id t").status != 0)
        #expect(try admin("fail-withdrawal 1 --reason r").status != 0)
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

    @Test("what cannot be said is a failure of a command, and no crash; an exchange goes on without being heard")
    func unheard() async throws {
        let directory = try TemporaryDirectory()
        let shell = URL(fileURLWithPath: "/bin/sh")
        let program = ExchangeProcess.binary.path
        #expect(try run(shell, ["-c", "'\(program)' keys sign --secret s --query a=1 > /dev/full"]).status == 1)
        let port = 20_000 + Int.random(in: 0..<20_000)
        let serve = "'\(program)' serve --data '\(directory.path)/data' --port \(port) --admin-port \(port + 1)"
        let url = "http://127.0.0.1:\(port)/health/ready"
        let (status, output) = try run(
            shell,
            [
                "-c",
                """
                \(serve) > /dev/full 2>&1 & pid=$!
                for i in $(seq 300); do curl -sf \(url) > /dev/null && break; sleep 0.1; done
                curl -sf \(url); kill -TERM $pid; wait $pid
                """,
            ])
        #expect(status == 0, "\(output)")
    }

    @Test("looking at a damaged journal ends with a status that is not 0")
    func damage() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path + "/data")
        _ = try await exchange.trader(["USDT": "1"])
        exchange.stop()
        let journal = directory.path + "/data/journal/"
        #expect(try runSyncron(["journal", "inspect", "--data", directory.path + "/data"]).status == 0)
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: journal).first { $0.hasSuffix(".journal") })
        let file = URL(fileURLWithPath: journal + name)
        var bytes = try Data(contentsOf: file)
        // The header of the second batch.
        let magic = Data("SYNCRON1".utf8)
        let first = try #require(bytes.range(of: magic))
        let second = try #require(bytes.range(of: magic, in: first.upperBound..<bytes.endIndex))
        bytes[second.upperBound + 1] ^= 1
        try bytes.write(to: file)
        for command in ["inspect", "verify"] {
            let (status, output) = try runSyncron(["journal", command, "--data", directory.path + "/data"])
            #expect(status == 1, "\(command): \(output)")
        }
    }

    @Test("the README's first trade works as it is pasted")
    func readme() async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path + "/data", ["--sandbox"])
        // Whoever reads that it listens, or finds it ready, finds the demo account's key.
        #expect(FileManager.default.fileExists(atPath: directory.path + "/data/demo.key"))
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
