import SyncronCore
import SyncronSimulator

/// A twin with figures like real ones: assets of eight decimals, ticks of 0.01 USDT and steps of 0.00001, the usual
/// commissions. Four accounts have 10 BTC, 100 ETH, 10 BARE and a million USDT in their spot wallets; there is as much
/// to lend of each as a hundred accounts have. BTC is at 60,000 and ETH at 3,000. It is half past an hour.
struct NaiveMarginStage {
    var naive = NaiveExchange()
    var time: Int64 = 1_699_999_200_000 + 1_800_000
    static let assets = ["USDT", "BTC", "ETH", "BARE"]

    init(maxOrders: UInt32 = 200) {
        perform(.begin(Genesis(hasSandbox: false)))
        let ratios: [Int64?] = [100_000_000, 95_000_000, 90_000_000, nil]
        for (index, name) in Self.assets.enumerated() {
            perform(.defineAsset(Self.asset(index, name, ratio: ratios[index])))
        }
        for base in ["BTC", "ETH", "BARE"] { perform(.defineMarket(Self.market(base, maxOrders))) }
        for account in 1...UInt32(4) {
            perform(.openAccount(OpenAccount()))
            for (name, amount) in zip(Self.assets, ["1000000", "10", "100", "10"]) {
                let deposit = RecordDeposit(
                    account: AccountID(account), asset: Self.id(name), network: "N", amount: units(amount), txID: "1")
                perform(.recordDeposit(deposit))
            }
        }
        for (name, amount) in zip(Self.assets.dropLast(), ["100000000", "1000", "10000"]) {
            perform(.fundLending(LendingPool(asset: Self.id(name), amount: units(amount))))
        }
        index("BTC", "60000")
        index("ETH", "3000")
    }

    static func id(_ name: String) -> AssetID { AssetID(UInt16(assets.firstIndex(of: name) ?? 99)) }

    static func asset(_ index: Int, _ name: String, ratio: Int64?, daily: Int64 = 20_000) -> Asset {
        Asset(
            id: AssetID(UInt16(index)), name: name, decimals: 8, networks: [Network(name: "N", withdrawalFee: .zero)],
            margin: ratio.map { MarginTerms(collateralRatio: Rate($0), dailyInterest: Rate(daily)) })
    }

    private static func market(_ base: String, _ maxOrders: UInt32) -> Market {
        Market(
            id: MarketID(0), symbol: "\(base)-USDT", base: id(base), quote: id("USDT"), kind: .spot, status: .trading,
            pricePrecision: 2, quantityPrecision: 5, tickSize: 1, stepSize: 1,
            filters: Filters(
                minPrice: Ticks(1), maxPrice: Ticks(100_000_000), minQuantity: Steps(1),
                maxQuantity: Steps(1_000_000_000), minMarketQuantity: Steps(1),
                maxMarketQuantity: Steps(1_000_000_000), minNotional: .zero, maxNotional: nil, percentPrice: nil,
                maxOrders: maxOrders),
            commissions: CommissionRates.standard(for: .spot))
    }

    /// What the command caused of margin, a line each; a broken invariant is one more.
    @discardableResult
    mutating func perform(_ command: Command) -> [String] {
        let events = naive.apply(command, at: Timestamp(milliseconds: time)) ?? []
        return events.compactMap(line) + [naive.brokenInvariant].compactMap(\.self)
    }

    @discardableResult
    mutating func move(_ account: UInt32, _ amount: String, _ asset: String, out: Bool = false) -> [String] {
        perform(
            .transfer(
                TransferFunds(
                    account: AccountID(account), asset: Self.id(asset), amount: units(amount),
                    from: out ? .margin : .spot, to: out ? .spot : .margin)))
    }

    @discardableResult
    mutating func borrow(_ account: UInt32, _ amount: String, _ asset: String) -> [String] {
        perform(.borrow(BorrowFunds(account: AccountID(account), asset: Self.id(asset), amount: units(amount))))
    }

    @discardableResult
    mutating func repay(_ account: UInt32, _ amount: String, _ asset: String) -> [String] {
        perform(.repay(RepayFunds(account: AccountID(account), asset: Self.id(asset), amount: units(amount))))
    }

    /// Quantities in steps of 0.00001, prices in ticks of 0.01.
    @discardableResult
    mutating func place(
        _ account: UInt32, _ side: Side, _ terms: OrderTerms, _ effect: SideEffect = .none, of base: String = "BTC",
        _ wallet: Wallet = .margin, trigger: Trigger? = nil, prevention: SelfTradePrevention = .expireMaker
    ) -> [String] {
        let order = PlaceOrder(
            account: AccountID(account), market: Self.marketID(base), wallet: wallet, side: side, terms: terms,
            selfTradePrevention: prevention)
        return perform(
            .placeOrderWithOptions(OrderWithOptions(order, OrderOptions(trigger: trigger, sideEffect: effect))))
    }

    static func marketID(_ base: String) -> MarketID { MarketID(id(base).raw - 1) }

    @discardableResult
    mutating func cancel(_ account: UInt32, _ id: UInt64) -> [String] {
        perform(
            .cancelOrder(
                CancelOrder(
                    account: AccountID(account), market: MarketID(0), wallet: .margin, order: .id(OrderID(id)))))
    }

    @discardableResult
    mutating func index(_ asset: String, _ price: String?) -> [String] {
        let quote = IndexQuote(asset: Self.id(asset), price: price.map { IndexPrice(Int64(units($0).raw)) })
        return perform(.setIndexPrices(SetIndexPrices([quote])))
    }

    @discardableResult
    mutating func tick(after milliseconds: Int64) -> [String] {
        time += milliseconds
        return perform(.tick)
    }

    /// Free, held, borrowed and interest.
    func margin(_ account: UInt32, _ asset: String) -> [String] {
        let all = naive.marginReading(of: AccountID(account))?.balances ?? []
        guard let it = all.first(where: { $0.asset == Self.id(asset) }) else { return [] }
        return [it.free, it.held, it.borrowed, it.interest].map(text)
    }

    func level(_ account: UInt32) -> String? { naive.marginReading(of: AccountID(account))?.level.map(text) }

    private func line(_ event: Event) -> String? {
        switch event {
        case .rejected(let rejection): refusal(rejection)
        case .transferred(let it): "\(it.id) moved \(text(it.amount)) \(name(it.asset))"
        case .loanTaken(let it):
            "\(it.id) lent \(text(it.principal)) \(name(it.asset))" + (it.order.map { " for \($0)" } ?? "")
        case .loanRepaid(let it):
            "\(it.id) \(it.cause) \(text(it.interest)) + \(text(it.principal)) \(name(it.asset))"
        case .interestCharged(let it):
            "\(it.cause) \(text(it.interest)) on \(text(it.principal)) \(name(it.asset)) at \(it.time.milliseconds)"
        case .marginOrderPlaced(let it): "\(it.order) \(it.sideEffect) \(text(it.borrowed)) \(name(it.borrowedAsset))"
        case .marginStatusChanged(let it): "\(it.account) \(it.status) \(it.level.map(text) ?? "-")"
        case .orderForced(let it):
            "forced \(it.side) \(it.executed.raw)/\(it.quantity.raw) @ \(it.price.raw) fee \(text(it.fee))"
        case .indexPriceChanged(let it):
            "index \(name(it.asset)) \(it.price.map { text(Units(Int128($0.raw))) } ?? "-")"
        case .orderAccepted(let order): "accepted \(order.id)"
        case .orderEnded(let end): "ended \(end.order.id) \(end.order.status)"
        case .orderFilled(let fill): "filled \(fill.order.id) \(fill.quantity.raw) @ \(fill.price.raw)"
        case .levelChanged(let level): "\(level.side) \(level.price.raw): \(level.quantity.raw)"
        default: nil
        }
    }

    private func refusal(_ rejection: Rejection) -> String {
        switch rejection {
        case .margin(let rule): "\(rule)"
        case .invalid(let parameter): "invalid \(parameter)"
        case .conflict(let parameter): "conflict \(parameter)"
        case .insufficientBalance(_, let needed, let free), .insufficientForTransfer(_, let needed, let free),
            .insufficientForMarginOrder(_, let needed, let free):
            "\("\(rejection)".prefix { $0 != "(" }) \(text(needed)) > \(text(free))"
        default: String("\(rejection)".prefix { $0 != "(" })
        }
    }

    private func name(_ asset: AssetID) -> String { Self.assets[Int(asset.raw)] }

    private func text(_ units: Units) -> String {
        let digits = String(units.raw.magnitude)
        let padded = String(repeating: "0", count: max(0, 9 - digits.count)) + digits
        var text = padded.dropLast(8) + "." + padded.suffix(8)
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return (units.raw < 0 ? "-" : "") + text
    }
}

/// An amount of an asset of eight decimals.
func units(_ text: String) -> Units {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let digits = String(parts[0]) + fraction + String(repeating: "0", count: 8 - fraction.count)
    return Units(Int128(digits) ?? 0)
}
