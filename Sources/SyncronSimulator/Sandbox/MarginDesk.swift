import SyncronCore
import SyncronNode

/// The sandbox's part in margin: index prices that follow the reference, and some accounts that borrow, trade on margin
/// and repay.
struct MarginDesk: Sendable {
    /// Commands of one second at most: the index prices and what one borrower does.
    static let commandsPerRound = 2
    /// What a borrower moves into its margin wallet, in whole ones.
    private static let stake: Int64 = 200_000
    /// Worth of one margin order at most, in dollars.
    private static let largestOrder: Int64 = 4_000
    /// In percent: how often a borrower does something in a second.
    private static let liveliness: UInt64 = 25

    /// What was set before. What somebody else has set since is left alone.
    private var set: [AssetID: IndexPrice] = [:]

    /// A borrower as it stands.
    private struct Borrower: Sendable {
        var account: AccountID
        var reading: MarginReading?
        /// What it could borrow of the anchor.
        var credit: Units
    }

    // MARK: - A second

    /// What is to be done in this second, nothing where there are no assets of the margin wallet.
    mutating func commands(
        _ door: any ExchangeDoor, _ roster: Roster, _ prices: ReferencePrices, _ markets: [Market],
        _ random: inout SeededRandom
    ) async throws -> [Command] {
        let accounts = roster.members.filter { $0.role == .borrower }.map(\.account)
        let found = try await door.query { engine, _ in
            let assets = engine.assets.filter { $0.margin != nil }
            let anchor = assets.first { $0.name == ReferencePrices.anchor }
            let borrowers = accounts.map { account in
                Borrower(
                    account: account, reading: engine.marginReading(of: account),
                    credit: anchor.map { engine.maxBorrowable($0.id, by: account) } ?? .zero)
            }
            return (assets: assets, anchor: anchor, index: assets.map { engine.indexPrice(of: $0.id) }, borrowers)
        }
        guard let anchor = found.anchor else { return [] }
        var commands: [Command] = []
        let quotes = zip(found.assets, found.index).compactMap { quote($0, now: $1, anchor, prices) }
        if !quotes.isEmpty { commands.append(.setIndexPrices(SetIndexPrices(quotes))) }
        let borrowers = found.3
        if !borrowers.isEmpty, random.chance(Self.liveliness) {
            let borrower = random.pick(borrowers)
            if let command = move(of: borrower, anchor, prices, markets, &random) { commands.append(command) }
        }
        return commands
    }

    private mutating func quote(
        _ asset: Asset, now: IndexPrice?, _ anchor: Asset, _ prices: ReferencePrices
    ) -> IndexQuote? {
        guard asset.id != anchor.id, let value = prices.value(of: asset.id) else { return nil }
        if let mine = set[asset.id], now != mine { return nil }
        let price = IndexPrice(value)
        set[asset.id] = price
        return price == now ? nil : IndexQuote(asset: asset.id, price: price)
    }

    // MARK: - Borrowing

    private func move(
        of borrower: Borrower, _ anchor: Asset, _ prices: ReferencePrices, _ markets: [Market],
        _ random: inout SeededRandom
    ) -> Command? {
        guard let reading = borrower.reading else {
            let stake = Units(Int128(Self.stake) * Self.unit(of: anchor))
            return .transfer(
                TransferFunds(
                    account: borrower.account, asset: anchor.id, amount: stake, from: .spot, to: .margin))
        }
        guard reading.status == .normal else { return nil }
        let owed = reading.balances.first { $0.asset == anchor.id }
        switch random.below(10) {
        case 0..<2: return borrow(borrower, anchor, &random)
        case 2..<4: return owed.flatMap { repay($0, borrower.account, &random) }
        default: return trade(reading, borrower.account, prices, markets, &random)
        }
    }

    /// A small part of what could be had, so that the level stays far from a call.
    private func borrow(_ borrower: Borrower, _ anchor: Asset, _ random: inout SeededRandom) -> Command? {
        let amount = Units(borrower.credit.raw * Int128(random.int(in: 1...10)) / 100)
        guard amount > .zero else { return nil }
        return .borrow(BorrowFunds(account: borrower.account, asset: anchor.id, amount: amount))
    }

    private func repay(
        _ balance: MarginBalance, _ account: AccountID, _ random: inout SeededRandom
    ) -> Command? {
        let owed = balance.borrowed + balance.interest
        let amount = min(balance.free, Units(owed.raw * Int128(random.int(in: 10...60)) / 100))
        guard amount > .zero else { return nil }
        return .repay(RepayFunds(account: account, asset: balance.asset, amount: amount))
    }

    /// An order at market in a market of the anchor: it buys while there is money, and sells what it has.
    private func trade(
        _ reading: MarginReading, _ account: AccountID, _ prices: ReferencePrices, _ markets: [Market],
        _ random: inout SeededRandom
    ) -> Command? {
        guard let market = markets.isEmpty ? nil : random.pick(markets),
            let price = prices.price(of: market), let scale = prices.scale(of: market),
            let quantity = prices.quantity(worth: 100 + random.magnitude(upTo: Self.largestOrder), in: market),
            let cost = scale.notional(price, quantity), let base = scale.base(quantity),
            cost >= market.filters.minNotional
        else { return nil }
        func free(_ asset: AssetID) -> Units { reading.balances.first { $0.asset == asset }?.free ?? .zero }
        let sides = [Side.buy, .sell].filter { side in
            side == .buy ? free(market.quote) > cost + Units(cost.raw / 10) : free(market.base) > base
        }
        guard !sides.isEmpty else { return nil }
        return .placeOrder(
            PlaceOrder(
                account: account, market: market.id, wallet: .margin, side: random.pick(sides),
                terms: .market(quantity: quantity)))
    }

    private static func unit(of asset: Asset) -> Int128 {
        (0..<asset.decimals).reduce(Int128(1)) { product, _ in product * 10 }
    }
}
