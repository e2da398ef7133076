import SyncronCore

/// A bounded stream of valid orders and cancels of one account in one market, for putting a running exchange under
/// load: each order has a name of its own by which it can be asked for later, and few stay open at a time.
///
/// Cancels may come too late, since others may have filled the order; nothing else of it should ever be refused to an
/// account that has funds.
public struct OrderLoad: Sendable, IteratorProtocol {
    /// Orders that stay open before the oldest is cancelled.
    public static let openOrders = 80

    private let account: AccountID
    private let market: Market
    private let scale: MarketScale
    private let middle: Int64
    private let prefix: String
    private var random: SeededRandom
    private var left: Int
    private var number = 0
    private var open: [ClientOrderID] = []

    /// `count` commands with prices within 1 % of `middle`. The names begin with `prefix`, of at most 20 characters:
    /// a run after a crash takes another one, and never meets a name again.
    public init(
        account: AccountID, market: Market, scale: MarketScale, middle: Ticks, prefix: String, seed: UInt64, count: Int
    ) {
        self.account = account
        self.market = market
        self.scale = scale
        self.middle = middle.raw
        self.prefix = prefix
        random = SeededRandom(seed: seed)
        left = count
    }

    public mutating func next() -> Command? {
        guard left > 0 else { return nil }
        left -= 1
        if open.count >= Self.openOrders || (!open.isEmpty && random.chance(20)) {
            let oldest = open.removeFirst()
            return .cancelOrder(CancelOrder(account: account, market: market.id, order: .clientID(oldest)))
        }
        number += 1
        guard let name = ClientOrderID("\(prefix)-\(number)") else { return nil }
        let terms = terms()
        if case .limit(_, _, .gtc) = terms { open.append(name) }
        return .placeOrder(
            PlaceOrder(
                account: account, market: market.id, side: random.chance(50) ? .buy : .sell, terms: terms,
                selfTradePrevention: .none, clientOrderID: name))
    }

    private mutating func terms() -> OrderTerms {
        let filters = market.filters
        let width = max(1, middle / 100)
        let price = min(max(middle + random.int(in: -width...width), filters.minPrice.raw), filters.maxPrice.raw)
        // Ten times the least that the notional allows, and a random part more.
        let least = filters.minNotional.raw * 10 / (Int128(price) * Int128(scale.quoteUnitsPerTickStep)) + 1
        let quantity = min(
            max(Int64(clamping: least), filters.minQuantity.raw) + random.int(in: 0...99), filters.maxQuantity.raw)
        let kind: [(UInt64, TimeInForce)] = [(80, .gtc), (15, .ioc), (5, .fok)]
        return .limit(price: Ticks(price), quantity: Steps(quantity), timeInForce: random.pick(weighted: kind))
    }
}
