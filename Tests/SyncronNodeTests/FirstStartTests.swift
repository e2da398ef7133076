import Foundation
import SyncronCore
import Testing

@testable import SyncronNode

@Suite("The first start")
struct FirstStartTests {
    @Test("a directory begun without the sandbox refuses it, and stays as it was")
    func sandboxRefused() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        #expect(!node.isSandbox)
        await node.stop()
        #expect {
            try SmallExchange.start(directory) { $0.sandbox = true }
        } throws: { error in
            guard case .sandboxRefused? = error as? NodeFailure else { return false }
            return "\(error)".contains("begun without the sandbox")
        }
        try await SmallExchange.start(directory).stop()
    }

    @Test("a sandbox can be opened with and without it")
    func sandbox() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory) { $0.sandbox = true }
        #expect(node.isSandbox)
        #expect(node.directory.genesis?.hasSandbox == true)
        await node.stop()
        let plain = try SmallExchange.start(directory)
        #expect(!plain.isSandbox)
        await plain.stop()
    }

    @Test("a definition that the exchange would refuse is named, and nothing is written")
    func refusedDefinition() throws {
        let directory = TemporaryDirectory()
        let unknown = OpenListenKey(account: AccountID(9), key: "key")
        #expect {
            try SmallExchange.start(directory) { $0.initialCommands += [.openListenKey(unknown)] }
        } throws: { error in
            guard case .initialCommandRefused(let index, .unknownAccount)? = error as? NodeFailure else { return false }
            return index == SmallExchange.definition.count
        }
        let journal = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/journal")
        #expect(journal.isEmpty)
        #expect(throws: NodeFailure.self) {
            try SmallExchange.start(directory) {
                $0.initialCommands = Array(repeating: .openAccount(OpenAccount()), count: 4_001)
            }
        }
    }

    @Test("the definition is used once")
    func definitionOnce() async throws {
        let directory = TemporaryDirectory()
        await (try SmallExchange.start(directory)).stop()
        let node = try SmallExchange.start(directory) { $0.initialCommands = [.openAccount(OpenAccount())] }
        #expect(node.directory.accountCount == 3)
        #expect(node.appliedSequence.raw == UInt64(SmallExchange.definition.count) + 1)
        await node.stop()
    }

    @Test("a history that holds what was cut off a torn journal is made anew, and what it was is kept")
    func historyOfTornTail() async throws {
        let directory = TemporaryDirectory()
        var node = try SmallExchange.start(directory)
        await node.trade(300, seed: 72)
        _ = try await node.submit(SmallExchange.limit(SmallExchange.alice, .buy, price: 1, quantity: 1))
        let whole = node.appliedSequence
        await node.stop()
        let segment = try #require(try directory.files("journal").first { $0.hasSuffix(".journal") })
        try directory.change("journal/\(segment)") { bytes in
            let end = try #require(bytes.lastIndex { $0 != 0 })
            for place in end - 20...end { bytes[place] = 0 }
        }

        node = try SmallExchange.start(directory)
        #expect(node.appliedSequence < whole)
        let stored = try await node.history.read { (sequence: try $0.appliedSequence, counts: try $0.counts) }
        #expect(stored.sequence == node.appliedSequence && stored.counts.orders > 0)
        await node.stop()
        #expect(try directory.files("").contains("history.sqlite.ahead-\(whole)"))
        let next = try SmallExchange.start(directory)
        #expect(try await next.history.read { try $0.counts } == stored.counts)
        await next.stop()
    }

    @Test("a history that holds more than the journal is refused")
    func historyAhead() async throws {
        let directory = TemporaryDirectory()
        let node = try SmallExchange.start(directory)
        await node.trade(100, seed: 71)
        await node.stop()
        try directory.remove("journal")
        try directory.remove("snapshots")
        #expect {
            try SmallExchange.start(directory)
        } throws: { error in
            guard case .historyAhead? = error as? NodeFailure else { return false }
            return true
        }
    }
}
