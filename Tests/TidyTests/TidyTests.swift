import Foundation
import Testing

/// Taste as a test: what must not be in the sources, and how long a file may be.
@Suite("tidy")
struct TidyTests {
    struct Source {
        var path: String
        var lines: [String]
        /// Without comments.
        var code: [String]
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func sources(below folder: String) -> [Source] {
        let base = root.appendingPathComponent(folder)
        let files = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".swift") }.sorted().compactMap { file in
            guard let text = try? String(contentsOf: base.appendingPathComponent(file), encoding: .utf8)
            else { return nil }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            return Source(path: "\(folder)/\(file)", lines: lines, code: lines.map(withoutComment))
        }
    }

    static func withoutComment(_ line: String) -> String {
        guard let slashes = line.range(of: "//") else { return line }
        return line.contains("\"") ? line : String(line[..<slashes.lowerBound])
    }

    static func places(in sources: [Source], matching pattern: String) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern)
        return sources.flatMap { source in
            source.code.enumerated().compactMap { number, line in
                let range = NSRange(line.startIndex..., in: line)
                return expression.firstMatch(in: line, range: range) == nil
                    ? nil : "\(source.path):\(number + 1): \(line)"
            }
        }
    }

    @Test("there are sources to look at")
    func sourcesAreFound() { #expect(Self.sources(below: "Sources").count > 150) }

    @Test(
        "the core knows no clock, chance, floating point, suspension or Foundation",
        arguments: [
            #"import (Foundation|FoundationEssentials|Dispatch|Crypto|NIO\w*)"#, #"\b(Double|Float|CGFloat)\b"#,
            #"\b(Date|ContinuousClock|SuspendingClock|clock_gettime)\b"#, #"\brandom\(|SystemRandomNumberGenerator"#,
            #"\b(async|await|Task)\b"#, #"\bHasher\(\)|\.hashValue\b"#, #"JSON|HTTP"#,
        ])
    func corePurity(_ pattern: String) throws {
        #expect(try Self.places(in: Self.sources(below: "Sources/SyncronCore"), matching: pattern) == [])
    }

    @Test("the core walks through no dictionary and no set")
    func coreOrder() throws {
        // The debug-only comparison of holds looks things up, and nothing else may be a dictionary there.
        let pattern = #"for .* in register\.(apiKeyPlaces|listenKeys|listenKeyCounts|depositPlaces)\b"#
        let walks =
            #"(apiKeyPlaces|listenKeys|listenKeyCounts|depositPlaces)\.(map|forEach|filter|keys|values|first)\b"#
        let core = Self.sources(below: "Sources/SyncronCore")
        #expect(try Self.places(in: core, matching: pattern) == [])
        #expect(try Self.places(in: core, matching: "register\\." + walks) == [])
    }

    @Test(
        "nothing is left unfinished or forced",
        arguments: [
            #"TODO|FIXME|XXX"#, #"\btry!"#, #"\bas!"#, #"(?i)not (yet )?implemented|unimplemented"#,
        ])
    func nothingUnfinished(_ pattern: String) throws {
        let expression = try NSRegularExpression(pattern: pattern)
        let hits = Self.sources(below: "Sources").flatMap { source in
            source.lines.filter { expression.firstMatch(in: $0, range: NSRange($0.startIndex..., in: $0)) != nil }
                .map { "\(source.path): \($0)" }
        }
        #expect(hits == [])
    }

    @Test("a file has at most 400 lines")
    func fileLengths() {
        let long = (Self.sources(below: "Sources") + Self.sources(below: "Tests")).filter { $0.lines.count > 401 }
        #expect(long.map { "\($0.path) has \($0.lines.count - 1) lines" } == [])
    }

    @Test("switches over the messages have no default")
    func noDefaults() {
        let telling = ["case .placeOrder", "case .orderFilled", "case .insufficientBalance"]
        var hits: [String] = []
        for source in Self.sources(below: "Sources") {
            for (number, line) in source.code.enumerated() where line.drop(while: { $0 == " " }).hasPrefix("default:") {
                let indentation = line.prefix { $0 == " " }
                let above = source.code[..<number].reversed().prefix { line in
                    line.isEmpty || line.hasPrefix(indentation) && !line.contains("switch ")
                }
                let cases = above.filter { $0.prefix { $0 == " " } == indentation }
                if cases.contains(where: { line in telling.contains { line.contains($0) } }) {
                    hits.append("\(source.path):\(number + 1)")
                }
            }
        }
        #expect(hits == [])
    }

    @Test(
        "the layers look only downwards",
        arguments: [
            ("SyncronCore", ["CSyncron"]), ("SyncronJournal", ["SyncronCore", "CSyncron"]),
            ("SyncronMarketData", ["SyncronCore"]), ("SyncronHistory", ["SyncronCore", "SyncronMarketData"]),
            (
                "SyncronNode",
                ["SyncronCore", "SyncronJournal", "SyncronMarketData", "SyncronHistory", "CSyncron"]
            ),
            ("SyncronWire", []),
            (
                "SyncronGateway",
                ["SyncronCore", "SyncronMarketData", "SyncronHistory", "SyncronNode", "SyncronWire", "CSyncron"]
            ),
        ])
    func layering(_ target: String, _ allowed: [String]) throws {
        let imports = try Self.places(in: Self.sources(below: "Sources/\(target)"), matching: #"import C?Syncron"#)
        let foreign = imports.filter { line in !allowed.contains { line.hasSuffix("import \($0)") } }
        #expect(foreign == [])
    }

    @Test("only the writer and a replay apply commands, and only the ledger's postings change balances")
    func singleDoors() throws {
        let node = Self.sources(below: "Sources/SyncronNode") + Self.sources(below: "Sources/SyncronGateway")
        let applying = try Self.places(in: node, matching: #"engine\.apply\("#)
        #expect(Set(applying.map { $0.split(separator: ":")[0] }) == ["Sources/SyncronNode/Writer/Exchange.swift"])
        let core = Self.sources(below: "Sources/SyncronCore").filter {
            !$0.path.contains("/Ledger/") && !$0.path.contains("/Messages/")
        }
        #expect(try Self.places(in: core, matching: #"(?<!event\.pointee)\.(free|held) (\+|-)?= "#) == [])
    }
}
