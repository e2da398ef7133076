import Foundation
import SyncronWire
import Testing

/// Clients that are many, slow or greedy: they cost little, and others are served meanwhile.
@Suite("end to end: crowds", .serialized)
struct CrowdTests {
    let directory: TemporaryDirectory
    let exchange: ExchangeProcess

    init() throws {
        directory = try TemporaryDirectory()
        exchange = try ExchangeProcess(data: directory.path)
    }

    /// Test and exchange share the processors with the crowd: an order may be on its way for seconds.
    private static let patience = "&recvWindow=60000"
    /// Nobody's rate pays for it.
    private static let question = "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    @Test("ten thousand idle connections take less than 20 KB each, and an order is answered beside them")
    func idle() async throws {
        let trader = try await exchange.trader(["USDT": "1000"])
        // Each is a file here and one there; some are needed for other things.
        let count = min(10_000, Self.raiseFileLimit() - 500)
        try #require(count >= 200, "this machine lets a process open \(count + 500) files")
        if count < 10_000 { print("this machine's limit of files allows only \(count) idle connections") }
        // What a first connection costs once is not what each costs.
        try warmUp()
        let before = exchange.residentBytes
        var clients: [PlainSocket] = []
        for index in 0..<count {
            let client = try PlainSocket(port: exchange.port)
            // Half have asked already, half never say anything.
            if index % 2 == 0 { client.send(Self.question) }
            clients.append(client)
        }
        let answered = stride(from: 0, to: count, by: 2).count { index in
            clients[index].text { $0.hasSuffix("}") }?.hasPrefix("HTTP/1.1 200") == true
        }
        #expect(answered == (count + 1) / 2)
        let order = try await trader.limit("BUY", "0.001", "10000.00", Self.patience)
        #expect(order.status == 200, "\(order.text)")
        let each = (exchange.residentBytes - before) / count
        print("\(count) idle connections take \(each) bytes each")
        #expect(before > 0 && each < 20 * 1_024, "\(each) bytes a connection")
        // They are still there: the last to have asked asks again.
        let last = clients[(count - 1) / 2 * 2]
        last.send(Self.question)
        #expect(last.text { $0.hasSuffix("}") } != nil)
    }

    @Test("clients that send a byte a second are cut off at the head's deadline, and an order is answered meanwhile")
    func dripping() async throws {
        let trader = try await exchange.trader(["USDT": "1000"])
        let endless = Array(("GET /v1/ping HTTP/1.1\r\nHost: " + String(repeating: "a", count: 1_000)).utf8)
        var open = try (0..<200).map { _ in try PlainSocket(port: exchange.port, patience: 5) }
        let start = Date()
        // The deadline is ten seconds; what is asserted is that there is one.
        for byte in endless.prefix(25) {
            // To whom it was closed nothing can be sent, at the second attempt at the latest.
            open = open.filter { $0.send([byte]) }
            if open.isEmpty { break }
            #expect(try await trader.limit("BUY", "0.001", "10000.00", Self.patience).status == 200)
            try await Task.sleep(for: .seconds(1))
        }
        #expect(open.isEmpty, "\(open.count) are open after \(Date().timeIntervalSince(start)) s")
        #expect(exchange.isRunning)
    }

    @Test("a client that sends half a head and waits is told 408")
    func halfAHead() throws {
        let client = try PlainSocket(port: exchange.port, patience: 25)
        client.send("GET /v1/ping HTTP/1.1\r\nHos")
        let answer = try #require(client.text(), "still open")
        #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
    }

    @Test("a flood is told 429 and when to come again, takes no memory, and others are answered")
    func flood() async throws {
        let other = try await exchange.trader(["USDT": "1000"])
        #expect(try await other.limit("BUY", "0.001", "10000.00", Self.patience).status == 200)
        // The address has 1,200 a minute.
        let flooders = try (0..<8).map { _ in try PlainSocket(port: exchange.port) }
        try flood(flooders, rounds: 20)
        let before = exchange.residentBytes
        for _ in 0..<5 {
            let answers = try flood(flooders, rounds: 20)
            #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 429") })
            let one = try #require(answers.last)
            let wait = one.split(separator: "\r\n").first { $0.hasPrefix("Retry-After: ") }
            #expect(wait.flatMap { Int($0.dropFirst(13)) }.map { (1...60).contains($0) } == true, "\(one)")
            #expect(one.contains(#""code":1003"#), "\(one)")
            #expect(try await other.balance("USDT").free == "990.00000000")
        }
        let growth = exchange.residentBytes - before
        #expect(before > 0 && growth < 8 << 20, "\(growth) bytes more after the flood")
        #expect(try await other.limit("BUY", "0.001", "10000.00", Self.patience).status == 200)
    }

    /// Sends 20 requests at a time over each connection, and returns the answers of the last round.
    @discardableResult
    private func flood(_ clients: [PlainSocket], rounds: Int) throws -> [String] {
        var answers: [String] = []
        let request = String(repeating: "GET /v1/market/ticker HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", count: 20)
        for _ in 0..<rounds {
            answers.removeAll()
            for client in clients { client.send(request) }
            for client in clients {
                let text = try #require(client.text { Self.isWhole($0) && Self.answers($0).count == 20 })
                answers += Self.answers(text)
            }
        }
        return answers
    }

    private static func answers(_ text: String) -> [String] {
        text.split(separator: "HTTP/1.1 ").map { "HTTP/1.1 " + $0 }
    }

    private static func isWhole(_ text: String) -> Bool { text.hasSuffix("}") || text.hasSuffix("]") }

    private func warmUp() throws {
        for _ in 0..<100 {
            let client = try PlainSocket(port: exchange.port)
            client.send(Self.question)
            _ = client.text { $0.hasSuffix("}") }
        }
    }

    /// As far as this process may; returns how many files it can open.
    private static func raiseFileLimit() -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
