import SyncronCore

/// A story of commands and what came of them. A line that begins with `>` is a command, the indented lines below it
/// are its outcome, and every other line is for the reader.
///
///     > deposit alice USDT 1000
///     > alice buy 5 @ 100 [ioc|fok|post-only] [stp-none|stp-taker|stp-both] [id NAME]
///     > alice buy market 5
///     > alice buy quote 250
///     > alice sell market 5 [stop 90|profit 120] [trail 100] [iceberg 2] [lasting 60000]
///     > alice oco sell 5 @ 120 stop 90 [limit 89]
///     > alice amend 1 [@ 110] [to 4]
///     > alice cancel 1
///     > alice countdown 5000
///     > alice countdown 0 here
///     > halt | resume | wait 300000 | tick
///
/// Of margin, orders take `margin`, `margin-buy` or `auto-repay`, and a cancel `margin`:
///
///     > terms BTC 95 24 (per cent of collateral, and of interest a day in basis points)
///     > index BTC 100 | index BTC none | lend USDT 1000 | insure USDT 1000
///     > alice transfer 100 USDT in|out
///     > alice borrow 100 USDT | alice repay 100 USDT | alice leverage 5
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
        case "tick": return stage.perform(.tick)
        case "wait":
            guard words.count == 2, let span = Int64(words[1]) else { throw Malformed(line: "\(words)") }
            stage.wait(milliseconds: span)
            return []
        case "terms", "index", "lend", "insure": return stage.perform(try house(words))
        default: return try order(words, on: &stage)
        }
    }

    private static func order(_ words: [String], on stage: inout Stage) throws -> [Event] {
        guard words.count >= 3 else { throw Malformed(line: "\(words)") }
        let account = stage.account(words[0])
        if let command = try command(words, of: account) { return stage.perform(command) }
        guard words[1] == "buy" || words[1] == "sell" else { throw Malformed(line: "\(words)") }
        let order = PlaceOrder(
            account: account, market: MarketID(0), wallet: wallet(words), side: words[1] == "buy" ? .buy : .sell,
            terms: try terms(words), selfTradePrevention: prevention(words),
            clientOrderID: ClientOrderID(value(of: "id", in: words) ?? "") ?? .none)
        let options = options(words)
        return stage.perform(
            options == OrderOptions()
                ? .placeOrder(order) : .placeOrderWithOptions(OrderWithOptions(order, options)))
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
