import SyncronCore

/// A story of commands and what came of them. A line that begins with `>` is a command, the indented lines below it
/// are its outcome, and every other line is for the reader.
///
///     > deposit alice USDT 1000
///     > alice buy 5 @ 100 [ioc|fok|post-only] [stp-none|stp-taker|stp-both] [id NAME]
///     > alice buy market 5
///     > alice buy quote 250
///     > alice cancel 1
///     > halt | resume | wait 300000
struct Transcript {
    struct Malformed: Error { var line: String }

    /// The text of the story with its outcomes as the engine computes them now.
    static func record(_ story: String, filters: Filters = Stage.openFilters) throws -> String {
        var stage = Stage(filters: filters)
        var lines: [String] = []
        for line in story.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("  ") { continue }
            lines.append(String(line))
            guard line.hasPrefix("> ") else { continue }
            let words = line.dropFirst(2).split(separator: " ").map(String.init)
            for event in try perform(words, on: &stage) { lines.append("  " + stage.text(event)) }
        }
        return lines.joined(separator: "\n")
    }

    private static func perform(_ words: [String], on stage: inout Stage) throws -> [Event] {
        switch words.first {
        case "deposit":
            guard words.count == 4, let amount = Int64(words[3]) else { throw Malformed(line: "\(words)") }
            return stage.deposit(words[1], words[2], amount)
        case "halt": return stage.perform(.setMarketStatus(SetMarketStatus(market: MarketID(0), status: .halt)))
        case "resume": return stage.perform(.setMarketStatus(SetMarketStatus(market: MarketID(0), status: .trading)))
        case "wait":
            guard words.count == 2, let span = Int64(words[1]) else { throw Malformed(line: "\(words)") }
            stage.wait(milliseconds: span)
            return []
        default: return try order(words, on: &stage)
        }
    }

    private static func order(_ words: [String], on stage: inout Stage) throws -> [Event] {
        guard words.count >= 3 else { throw Malformed(line: "\(words)") }
        if words[1] == "cancel" {
            let account = stage.account(words[0])
            let reference: OrderReference =
                UInt64(words[2]).map { .id(OrderID($0)) } ?? .clientID(ClientOrderID(words[2]) ?? .none)
            return stage.perform(.cancelOrder(CancelOrder(account: account, market: MarketID(0), order: reference)))
        }
        guard words[1] == "buy" || words[1] == "sell" else { throw Malformed(line: "\(words)") }
        let clientID = words.firstIndex(of: "id").map { words[$0 + 1] } ?? ""
        return stage.place(
            words[0], words[1] == "buy" ? .buy : .sell, try terms(words), prevention: prevention(words),
            clientID: clientID)
    }

    private static func terms(_ words: [String]) throws -> OrderTerms {
        if words[2] == "market", words.count > 3, let quantity = Int64(words[3]) {
            return .market(quantity: Steps(quantity))
        }
        if words[2] == "quote", words.count > 3, let quote = Int64(words[3]) {
            return .marketByQuote(quote: Units(Int128(quote) * 10_000))
        }
        guard words.count > 4, let quantity = Int64(words[2]), words[3] == "@", let price = Int64(words[4])
        else { throw Malformed(line: "\(words)") }
        if words.contains("post-only") { return .limitMaker(price: Ticks(price), quantity: Steps(quantity)) }
        let force: TimeInForce = words.contains("ioc") ? .ioc : words.contains("fok") ? .fok : .gtc
        return .limit(price: Ticks(price), quantity: Steps(quantity), timeInForce: force)
    }

    private static func prevention(_ words: [String]) -> SelfTradePrevention {
        if words.contains("stp-none") { return .none }
        if words.contains("stp-taker") { return .expireTaker }
        if words.contains("stp-both") { return .expireBoth }
        return .expireMaker
    }
}
