import SyncronCore
import SyncronNode

/// The sandbox's part in perpetuals: a maker who keeps a few orders on each side of the reference price, and a taker
/// who trades with whatever stands there and does not let its position grow.
struct FuturesDesk: Sendable {
    /// What each moves into its futures wallet, in whole ones of the anchor.
    private static let stake: Int64 = 2_000_000
    /// Orders on each side of each perpetual.
    private static let depth: Int64 = 8
    /// One side's next order is so far from the one before it, in parts of the price.
    private static let spacing: Int64 = 4_000
    /// Worth of one order at most, in dollars.
    private static let largestQuote: Int64 = 20_000
    private static let largestOrder: Int64 = 3_000
    /// Beyond this the taker only reduces its position, in dollars.
    private static let largestPosition: Int64 = 50_000
    /// What is sent for one perpetual in one second at most.
    private static let quotesPerRound = 3
    /// In percent: how often the taker trades in a second.
    private static let liveliness: UInt64 = 60

    private struct Trader: Sendable {
        var account: AccountID
        var wallet: Units
        var orders: [OrderState]
        var positions: [MarketID: Steps]
    }

    /// What is to be done in this second, in one of `markets`.
    func commands(
        _ door: any ExchangeDoor, _ roster: Roster, _ prices: ReferencePrices, _ markets: [Market],
        _ random: inout SeededRandom
    ) async throws -> [Command] {
        guard !markets.isEmpty, let anchor = prices.anchorAsset else { return [] }
        let accounts = [Roster.Role.dealer, .speculator].compactMap { role in
            roster.members.first { $0.role == role }?.account
        }
        let traders = try await door.query { engine, _ in
            accounts.map { account in
                let reading = engine.futuresReading(of: account)
                return Trader(
                    account: account, wallet: reading.crossWallet,
                    orders: engine.openOrders(of: account, wallet: .futures, market: nil),
                    positions: Dictionary(
                        reading.positions.map { ($0.position.market, $0.position.quantity) }
                    ) { $0 + $1 })
            }
        }
        guard traders.count == 2 else { return [] }
        let stake = Units((0..<anchor.decimals).reduce(Int128(Self.stake)) { product, _ in product * 10 })
        let poor = traders.filter { $0.wallet == .zero }
        guard poor.isEmpty else {
            return poor.map { trader in
                .transfer(
                    TransferFunds(
                        account: trader.account, asset: anchor.id, amount: stake, from: .spot, to: .futures))
            }
        }
        let market = random.pick(markets)
        guard let price = prices.price(of: market) else { return [] }
        var commands = quotes(of: traders[0], market, price, prices, &random)
        if random.chance(Self.liveliness), let order = trade(traders[1], market, prices, &random) {
            commands.append(order)
        }
        return commands
    }

    /// Takes back what the price has gone past or left behind, and fills the gaps nearest to the price.
    private func quotes(
        of maker: Trader, _ market: Market, _ price: Ticks, _ prices: ReferencePrices, _ random: inout SeededRandom
    ) -> [Command] {
        let step = max(1, price.raw / Self.spacing)
        var own = maker.orders.filter { $0.market == market.id }
        let outdated = own.filter { order in
            let distance = order.side == .buy ? price.raw - order.price.raw : order.price.raw - price.raw
            return distance <= 0 || distance > (Self.depth + 4) * step
        }
        own.removeAll { outdated.contains($0) }
        var commands: [Command] = outdated.map { order in
            .cancelOrder(
                CancelOrder(account: maker.account, market: market.id, wallet: .futures, order: .id(order.id)))
        }
        for distance in 1...Self.depth {
            for side in [Side.buy, .sell] {
                let wanted = side == .buy ? price.raw - distance * step : price.raw + distance * step
                let isThere = own.contains { $0.side == side && abs($0.price.raw - wanted) <= step / 2 }
                guard !isThere, commands.count < Self.quotesPerRound,
                    let quantity = prices.quantity(
                        worth: 1_000 + random.magnitude(upTo: Self.largestQuote), in: market)
                else { continue }
                let terms = OrderTerms.limit(price: Ticks(wanted), quantity: quantity, timeInForce: .gtc)
                commands.append(Self.order(maker.account, market.id, side, terms))
            }
        }
        return Array(commands.prefix(Self.quotesPerRound))
    }

    private func trade(
        _ taker: Trader, _ market: Market, _ prices: ReferencePrices, _ random: inout SeededRandom
    ) -> Command? {
        guard let quantity = prices.quantity(worth: 100 + random.magnitude(upTo: Self.largestOrder), in: market),
            let most = prices.quantity(worth: Self.largestPosition, in: market)
        else { return nil }
        let position = taker.positions[market.id] ?? .zero
        let side: Side =
            position > most ? .sell : position.raw < -most.raw ? .buy : random.chance(50) ? .buy : .sell
        return Self.order(taker.account, market.id, side, .market(quantity: quantity))
    }

    private static func order(
        _ account: AccountID, _ market: MarketID, _ side: Side, _ terms: OrderTerms
    ) -> Command {
        .placeFuturesOrder(
            PlaceFuturesOrder(
                PlaceOrder(account: account, market: market, wallet: .futures, side: side, terms: terms)))
    }
}
