import SyncronCore
import SyncronNode

/// The simulated traders at work: each round looks at the exchange, lets a second of the reference prices pass, and
/// sends what is to be done, well spread over the second.
///
/// Nothing that matters is remembered from round to round, so that a restart, an outage or someone else's hand on the
/// books changes nothing: the next look tells what is missing.
struct TradingFloor: Sendable {
    typealias Pause = @Sendable (Duration) async throws -> Void

    /// Commands of one round, one second long: below twenty a second at any time.
    static let commandsPerRound = 16
    /// While the books are built, a round is half a second long and may send this many.
    static let commandsPerBuildingRound = 240
    /// Then the books stand, or cannot be built faster.
    static let buildingRounds = 10

    private let door: any ExchangeDoor
    private let pause: Pause
    private var random: SeededRandom
    private var roster: Roster
    private var prices: ReferencePrices
    private var quoters: [Quoter]
    private var desk = MarginDesk()
    private let futuresDesk = FuturesDesk()
    private var time = Timestamp.zero
    private(set) var buildingRoundsLeft = Self.buildingRounds
    /// Orders of others that a maker's order would have met.
    private var opportunities: [Move] = []

    /// What one round came to.
    struct Report: Sendable, Hashable {
        var sent = 0
        var refused = 0
        var isBuilding = false
        /// Moves that were left for later.
        var left = 0
    }

    // MARK: - Beginning

    init(_ door: any ExchangeDoor, seed: UInt64, pause: @escaping Pause) async throws {
        self.door = door
        self.pause = pause
        random = SeededRandom(seed: seed)
        roster = try await Roster.gather(door, pause)
        let (assets, markets) = try await door.query { engine, _ in (engine.assets, engine.markets) }
        prices = ReferencePrices(assets: assets)
        quoters = []
        try await roster.survey(door)
        for market in markets where market.kind == .spot {
            guard let home = prices.homePrice(of: market) else { continue }
            quoters.append(Quoter(market, home: home))
            if let middle = middle(of: market.id) { prices.resume(market, at: middle) }
        }
    }

    /// Halfway between the best orders of earlier runs.
    private func middle(of market: MarketID) -> Ticks? {
        let orders = roster.orders(in: market)
        guard let bid = orders.filter({ $0.side == .buy }).map(\.price.raw).max(),
            let ask = orders.filter({ $0.side == .sell }).map(\.price.raw).min()
        else { return nil }
        return Ticks(bid + (ask - bid) / 2)
    }

    // MARK: - A round

    mutating func round() async throws -> Report {
        try await roster.survey(door)
        let (markets, now) = try await door.query { engine, now in (engine.markets, now) }
        time = now
        prices.pass(&random)
        let open = quoters.compactMap { quoter in
            markets.first { $0.id == quoter.market.id && $0.status == .trading }
        }
        let quotes = makerMoves(open)
        var report = Report()
        report.isBuilding = isStillBuilding(missing: quotes.count, markets: open.count)
        var beside = try await desk.commands(door, roster, prices, report.isBuilding ? [] : open, &random)
        let perpetuals = markets.filter { $0.kind == .perpetual && $0.status == .trading }
        beside += try await futuresDesk.commands(door, roster, prices, report.isBuilding ? [] : perpetuals, &random)
        let limit = report.isBuilding ? Self.commandsPerBuildingRound : Self.commandsPerRound - beside.count
        let takers = report.isBuilding ? [] : TakerFlow.moves(in: open, prices, roster, &random)
        let moves = mixed(quotes.prefix(limit - takers.count), takers)
        report.left = quotes.count + takers.count - moves.count
        let length: Duration = report.isBuilding ? .milliseconds(500) : .seconds(1)
        let beat = length / (beside.count + moves.count + 1)
        for command in beside {
            try await pause(beat)
            report.sent += 1
            let events = try await door.perform(command)
            roster.learn(events)
            if events.rejection != nil { report.refused += 1 }
        }
        for move in moves {
            try await pause(beat)
            guard let command = command(for: move, open) else { continue }
            report.sent += 1
            if try await !perform(command, move) { report.refused += 1 }
        }
        try await pause(beat)
        return report
    }

    /// Whether fast building goes on. It ends for good when the books stand, and in any case soon.
    private mutating func isStillBuilding(missing: Int, markets: Int) -> Bool {
        guard buildingRoundsLeft > 0 else { return false }
        buildingRoundsLeft = missing > markets * Int(Quoter.depth) / 4 ? buildingRoundsLeft - 1 : 0
        return buildingRoundsLeft > 0
    }

    /// What the makers want to do, the most urgent of each market first.
    private mutating func makerMoves(_ markets: [Market]) -> [Move] {
        let urgent = opportunities
        opportunities = []
        let plans = markets.compactMap { market -> [Move]? in
            guard var quoter = quoters.first(where: { $0.market.id == market.id }),
                let price = prices.price(of: market)
            else { return nil }
            quoter.market = market
            let prices = prices
            return quoter.moves(reference: price, own: roster.orders(in: market.id), &random) { distance, random in
                let dollars = (distance == 0 ? 50 : 250) + random.magnitude(upTo: distance == 0 ? 9_000 : 25_000)
                return prices.quantity(worth: dollars * (100 + distance) / 100, in: market)
            }
        }
        let longest = plans.map(\.count).max() ?? 0
        return urgent + (0..<longest).flatMap { place in plans.compactMap { $0.count > place ? $0[place] : nil } }
    }

    private mutating func mixed(_ quotes: ArraySlice<Move>, _ takers: [Move]) -> [Move] {
        var moves = Array(quotes)
        for taker in takers { moves.insert(taker, at: Int(random.below(UInt64(moves.count + 1)))) }
        return moves
    }

    // MARK: - From moves to commands

    /// The command for a move, or a gift to those who cannot afford it; nil when nobody can do it now.
    private mutating func command(for move: Move, _ markets: [Market]) -> Command? {
        guard case .order(let role, let id, let side, let terms) = move else {
            guard case .cancel(let order) = move else { return nil }
            return .cancelOrder(CancelOrder(account: order.account, market: order.market, order: .id(order.id)))
        }
        guard let market = markets.first(where: { $0.id == id }), let cost = cost(of: terms, side, market) else {
            return nil
        }
        let asset = side == .buy ? market.quote : market.base
        switch roster.choose(role, paying: asset, cost, in: market) {
        case .account(let account):
            return .placeOrder(PlaceOrder(account: account, market: id, side: side, terms: terms))
        case .short: return roster.topUp(role, asset, at: time).map { .recordDeposit($0) }
        case .full: return nil
        }
    }

    /// What the payer must have, somewhat more where the price is open; nil when the order is too small or too large
    /// for the market. What is left of an order, for one, may be too little for another.
    private func cost(of terms: OrderTerms, _ side: Side, _ market: Market) -> Units? {
        guard let scale = prices.scale(of: market), let reference = prices.price(of: market) else { return nil }
        let price: Ticks
        let quantity: Steps
        var isOpen = false
        switch terms {
        case .limit(let limit, let steps, _), .limitMaker(let limit, let steps): (price, quantity) = (limit, steps)
        case .market(let steps): (price, quantity, isOpen) = (reference, steps, true)
        case .marketByQuote(let quote):
            let unit = Int128(reference.raw) * Int128(scale.quoteUnitsPerTickStep)
            (price, quantity, isOpen) = (reference, Steps(Int64(clamping: quote.raw / unit + 1)), true)
        }
        guard let worth = scale.notional(price, quantity), let base = scale.base(quantity),
            worth >= market.filters.minNotional
        else { return nil }
        let cost = side == .buy ? worth : base
        return isOpen ? cost + Units(cost.raw / 20) : cost
    }

    /// Whether the command was accepted.
    private mutating func perform(_ command: Command, _ move: Move) async throws -> Bool {
        let events = try await door.perform(command)
        roster.learn(events)
        if case .orderAccepted(let order)? = events.first, order.type == .limitMaker { roster.note(order) }
        guard let rejection = events.rejection else { return true }
        // Somebody offers more than the reference is worth: worth taking.
        if case .order(_, let market, let side, .limitMaker(let price, let quantity)) = move,
            rejection == .risk(.postOnly)
        {
            let terms = OrderTerms.limit(price: price, quantity: quantity, timeInForce: .ioc)
            opportunities = [.order(.taker, market, side, terms)]
        }
        return false
    }
}
