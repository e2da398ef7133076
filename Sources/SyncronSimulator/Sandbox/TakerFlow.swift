import SyncronCore

/// The orders of those who want to trade now: mostly small ones, now and then a large one, at random times.
struct TakerFlow: Sendable {
    /// How many come in a second.
    private static let arrivals: [(UInt64, Int)] = [(42, 0), (40, 1), (14, 2), (4, 3)]
    /// Worth of one order at most, in dollars.
    private static let largest: Int64 = 12_000
    private static let smallest: Int64 = 15

    /// The orders of one second over all of `markets`, the earlier ones of which are liked better.
    static func moves(
        in markets: [Market], _ prices: ReferencePrices, _ roster: Roster, _ random: inout SeededRandom
    ) -> [Move] {
        let liked = markets.enumerated().map { (UInt64(max(1, 4 - $0.offset)), $0.element) }
        guard !liked.isEmpty else { return [] }
        return (0..<random.pick(weighted: arrivals)).compactMap { _ in
            move(in: random.pick(weighted: liked), prices, roster, &random)
        }
    }

    private static func move(
        in market: Market, _ prices: ReferencePrices, _ roster: Roster, _ random: inout SeededRandom
    ) -> Move? {
        let worth = smallest + random.magnitude(upTo: largest)
        guard let quantity = prices.quantity(worth: worth, in: market) else { return nil }
        // Who has more than at first rather sells, who has less rather buys.
        let lean = (roster.surplus(of: market.quote) - roster.surplus(of: market.base)) / 4
        let side: Side = random.int(in: 0...99) < 50 + lean ? .buy : .sell
        if random.chance(20), let price = prices.price(of: market),
            let quote = prices.scale(of: market)?.notional(price, quantity)
        {
            return .order(.taker, market.id, side, .marketByQuote(quote: quote))
        }
        return .order(.taker, market.id, side, .market(quantity: quantity))
    }
}
