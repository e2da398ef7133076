import SyncronCore

/// Decides where orders should stand in one market.
///
/// Most of them stand on lines: prices that belong to the market and do not move, about two hundredths of a percent
/// apart. When the reference price crosses a line, asks there give way to bids or the reverse; all others stay. So a
/// book of hundreds of orders follows the price with few commands. Close to the price stand one or two orders of no
/// fixed place, which keep the spread small. Nothing needs to be remembered: the orders that stand tell what is missing.
struct Quoter: Sendable {
    /// Lines on each side that shall have an order, and beyond which one is taken away.
    static let depth: Int64 = 120
    private static let reach: Int64 = 145
    /// At most this many orders that have been overtaken by the price are dealt with at a time.
    private static let staleAtOnce = 4
    /// Of how many orders nearest to the price one is now and then taken back, to be given anew with another quantity.
    private static let restless = 30

    /// As it was last seen: its bounds may change.
    var market: Market
    /// Ticks from one line to the next.
    let spacing: Int64

    init(_ market: Market, home: Ticks) {
        self.market = market
        spacing = max(1, home.raw / 5_000)
    }

    // MARK: - Lines

    /// The price of a line: off the regular place by up to a third of the spacing, always the same.
    func line(_ number: Int64) -> Int64 {
        guard spacing >= 3 else { return number * spacing }
        var draw = SeededRandom(seed: UInt64(bitPattern: number) ^ UInt64(market.id.raw) << 48)
        return number * spacing + draw.int(in: -(spacing / 3)...spacing / 3)
    }

    private func isLine(_ price: Int64) -> Bool {
        let near = price / spacing
        return (near - 1...near + 1).contains { line($0) == price }
    }

    /// The prices on one side where orders shall stand, nearest first.
    private func lines(_ side: Side, around reference: Int64) -> [Int64] {
        let start = reference / spacing
        let near = spacing / 4
        let bounds = market.filters.minPrice.raw...market.filters.maxPrice.raw
        return (-1...Self.depth + 1).lazy
            .map { line(side == .buy ? start - $0 : start + $0) }
            .filter { side == .buy ? $0 < reference - near : $0 > reference + near }
            .filter { bounds.contains($0) }
            .prefix(Int(Self.depth)).map { $0 }
    }

    // MARK: - Moves

    /// What is to be done, the most urgent first. `size` draws the quantity of an order by its distance from the price.
    func moves(
        reference: Ticks, own: [OrderState], _ random: inout SeededRandom, size: (Int64, inout SeededRandom) -> Steps?
    ) -> [Move] {
        let stale = own.filter { isStale($0, reference.raw) }
        let good = own.filter { !isStale($0, reference.raw) }
        var moves: [Move] = []
        for side in [Side.buy, .sell] {
            moves += staleMoves(side, stale.filter { $0.side == side }, reference.raw, &random)
        }
        var quotes: [Move] = []
        for side in [Side.buy, .sell] {
            quotes += closeMoves(side, good.filter { $0.side == side }, reference.raw, &random, size)
        }
        quotes += missing(reference.raw, own, &random, size)
        moves += quotes.filter { !crosses($0, good) }
        if quotes.count < Self.restless, random.chance(50), let move = restlessMove(good, reference.raw, &random) {
            moves.append(move)
        }
        return moves + farMoves(own, reference.raw)
    }

    /// Whether an order of ours stands in the way, which would have the quote refused.
    private func crosses(_ move: Move, _ own: [OrderState]) -> Bool {
        guard case .order(_, _, let side, .limitMaker(let price, _)) = move else { return false }
        return own.contains { $0.side != side && (side == .buy ? $0.price <= price : $0.price >= price) }
    }

    private func restlessMove(_ own: [OrderState], _ reference: Int64, _ random: inout SeededRandom) -> Move? {
        let nearest = own.sorted { abs($0.price.raw - reference) < abs($1.price.raw - reference) }
            .prefix(Self.restless)
        return nearest.isEmpty ? nil : .cancel(random.pick(Array(nearest)))
    }

    /// Whether the price has gone past the order, by more than it does in passing.
    private func isStale(_ order: OrderState, _ reference: Int64) -> Bool {
        order.side == .buy ? order.price.raw > reference + spacing / 4 : order.price.raw < reference - spacing / 4
    }

    /// Orders that the price has gone past are bought up by someone who knows it, or withdrawn in time.
    private func staleMoves(
        _ side: Side, _ stale: [OrderState], _ reference: Int64, _ random: inout SeededRandom
    ) -> [Move] {
        guard !stale.isEmpty else { return [] }
        if random.chance(50) {
            let sum = stale.reduce(Int64(0)) { $0 + $1.quantity.raw - $1.executed.raw }
            let quantity = min(sum, market.filters.maxQuantity.raw)
            return [
                .order(
                    .taker, market.id, side.opposite,
                    .limit(price: Ticks(reference), quantity: Steps(quantity), timeInForce: .ioc))
            ]
        }
        return stale.prefix(Self.staleAtOnce).map { .cancel($0) }
    }

    /// Keeps one order on each side close to the price.
    private func closeMoves(
        _ side: Side, _ orders: [OrderState], _ reference: Int64, _ random: inout SeededRandom,
        _ size: (Int64, inout SeededRandom) -> Steps?
    ) -> [Move] {
        guard spacing >= 3 else { return [] }
        let loose = orders.filter { !isLine($0.price.raw) }
        let outdated = loose.filter { abs($0.price.raw - reference) > spacing / 2 }
        var moves: [Move] = outdated.prefix(2).map { .cancel($0) }
        if loose.count == outdated.count, let quantity = size(0, &random) {
            let distance = random.int(in: 1...max(1, spacing / 3))
            let price = side == .buy ? reference - distance : reference + distance
            if !isLine(price) { moves.append(quote(side, price, quantity)) }
        }
        return moves
    }

    private func quote(_ side: Side, _ price: Int64, _ quantity: Steps) -> Move {
        .order(.maker, market.id, side, .limitMaker(price: Ticks(price), quantity: quantity))
    }

    /// Orders for the lines that have none, those nearest to the price first.
    private func missing(
        _ reference: Int64, _ own: [OrderState], _ random: inout SeededRandom,
        _ size: (Int64, inout SeededRandom) -> Steps?
    ) -> [Move] {
        let taken = Set(own.map(\.price.raw))
        var found: [(distance: Int64, move: Move)] = []
        for side in [Side.buy, .sell] {
            for (distance, price) in lines(side, around: reference).enumerated() where !taken.contains(price) {
                guard let quantity = size(Int64(distance), &random) else { continue }
                found.append((Int64(distance), quote(side, price, quantity)))
            }
        }
        return found.sorted { $0.distance < $1.distance }.map(\.move)
    }

    /// Withdraws what has been left far behind, the farthest first.
    private func farMoves(_ own: [OrderState], _ reference: Int64) -> [Move] {
        own.filter { abs($0.price.raw - reference) > Self.reach * spacing }
            .sorted { abs($0.price.raw - reference) > abs($1.price.raw - reference) }
            .map { .cancel($0) }
    }
}
