import Foundation
import Testing

/// What the guides tell people to run, run.
@Suite("end to end: guides", .serialized, .timeLimit(.minutes(5)))
struct GuideTests {
    /// The fenced blocks of a guide in that language.
    private static func blocks(_ guide: String, _ language: String) throws -> [String] {
        let path = ExchangeProcess.root.appendingPathComponent("docs/guides/\(guide).md")
        let parts = try String(contentsOf: path, encoding: .utf8).components(separatedBy: "```")
        let inside = parts.enumerated().compactMap { $0 % 2 == 1 ? $1 : nil }
        return inside.filter { $0.hasPrefix(language + "\n") }.map { String($0.dropFirst(language.count + 1)) }
    }

    /// Runs `body` in a folder where `data` is the directory of a sandbox that trades.
    private static func withSandbox(_ body: (ExchangeProcess, String) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        let exchange = try ExchangeProcess(data: directory.path + "/data", ["--sandbox"])
        for _ in 0..<200 {
            let book = try await exchange.get("/v1/market/orderbook?symbol=BTC-USDT")
            if let asks = book.json["asks"]?.items, asks.count > 5 { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        try await body(exchange, directory.path)
    }

    private static func python(
        _ guide: String, _ exchange: ExchangeProcess, in folder: String
    ) throws -> (status: Int32, output: String) {
        let file = folder + "/guide.py"
        try blocks(guide, "python").joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        return try run(
            URL(fileURLWithPath: "/usr/bin/env"), ["python3", file],
            environment: [
                "SYNCRON_URL": exchange.url, "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": ExchangeProcess.root.appendingPathComponent("docs/guides").path,
            ], in: folder)
    }

    @Test("authentication, with curl and in Python")
    func authentication() async throws {
        try await Self.withSandbox { exchange, folder in
            let shell = try Self.blocks("authentication", "sh").joined(separator: "\necho\n")
                .replacingOccurrences(of: "127.0.0.1:8080", with: "127.0.0.1:\(exchange.port)")
            let (status, output) = try run(URL(fileURLWithPath: "/bin/bash"), ["-c", shell], in: folder)
            #expect(status == 0, "\(output)")
            let answers = output.split(separator: "\n")
            #expect(answers.count == 3, "\(output)")
            #expect(answers.first?.contains(#""accountType":"spot""#) == true, "\(output)")
            #expect(answers.dropFirst().allSatisfy { $0.contains(#""status":"NEW""#) }, "\(output)")
            let python = try Self.python("authentication", exchange, in: folder)
            #expect(python.status == 0, "\(python.output)")
            #expect(python.output.contains("status: NEW then CANCELED"), "\(python.output)")
        }
    }

    @Test("margin, with curl: borrowing, trading and repaying")
    func margin() async throws {
        try await Self.withSandbox { exchange, folder in
            let shell = try Self.blocks("margin", "sh").joined(separator: "\necho\n")
                .replacingOccurrences(of: "127.0.0.1:8080", with: "127.0.0.1:\(exchange.port)")
            let (status, output) = try run(URL(fileURLWithPath: "/bin/bash"), ["-c", shell], in: folder)
            #expect(status == 0, "\(output)")
            let answers = output.split(separator: "\n").map(String.init)
            #expect(answers.count == 12, "\(output)")
            #expect(answers.allSatisfy { !$0.contains(#""code":"#) }, "\(output)")
            let expected = [
                #""status":"NORMAL""#, "tranId", "dailyInterestRate", "amount", "tranId",
                #""sideEffectType":"MARGIN_BUY""#, #""origClientOrderId":"dip""#, #""sideEffectType":"AUTO_REPAY""#,
                "tranId", #""type":"ON_BORROW""#, "principal", "outAmount",
            ]
            for (answer, part) in zip(answers, expected) { #expect(answer.contains(part), "\(part): \(answer)") }
        }
    }

    @Test("futures, with curl: leverage, orders, a stop, and what came of it")
    func futures() async throws {
        try await Self.withSandbox { exchange, folder in
            for _ in 0..<100 {
                let index = try await exchange.get("/v1/futures/market/premiumIndex?symbol=BTC-USDT-PERP")
                if index.json["markPrice"]?.text != "0.00" { break }
                try await Task.sleep(for: .milliseconds(100))
            }
            let shell = try Self.blocks("futures", "sh").joined(separator: "\necho\n")
                .replacingOccurrences(of: "127.0.0.1:8080", with: "127.0.0.1:\(exchange.port)")
            let (status, output) = try run(URL(fileURLWithPath: "/bin/bash"), ["-c", shell], in: folder)
            #expect(status == 0, "\(output)")
            let answers = output.split(separator: "\n").map(String.init)
            let expected = [
                "totalWalletBalance", "tranId", #""leverage":10"#, "CROSSED", #""clientOrderId":"dip""#,
                #""status":"CANCELED""#, #""status":"PENDING_TRIGGER""#, #""status":"CANCELED""#, "[", "TRANSFER",
                "markPrice",
            ]
            #expect(answers.count == expected.count, "\(output)")
            for (answer, part) in zip(answers, expected) { #expect(answer.contains(part), "\(part): \(answer)") }
        }
    }

    @Test("a local book that is the exchange's")
    func book() async throws {
        try await Self.withSandbox { exchange, folder in
            let (status, output) = try Self.python("local-book", exchange, in: folder)
            #expect(status == 0, "\(output)")
            #expect(output.contains("in step at"), "\(output)")
        }
    }

    @Test("the user stream, and going on after a break")
    func userStream() async throws {
        try await Self.withSandbox { exchange, folder in
            let (status, output) = try Self.python("user-stream", exchange, in: folder)
            #expect(status == 0, "\(output)")
            #expect(output.contains("NEW NEW") && output.contains("CANCELED CANCELED"), "\(output)")
            #expect(output.contains("caught up at"), "\(output)")
        }
    }
}
