import SyncronCore

/// The commands of stories that are more than an order with its terms.
extension Transcript {
    /// What the house decides.
    static func house(_ words: [String]) throws -> Command {
        guard words.count >= 3 else { throw Malformed(line: "\(words)") }
        let asset = asset(words[1])
        switch (words[0], Int64(words[2])) {
        case ("index", let price):
            let quote = IndexQuote(asset: asset, price: price.map { IndexPrice($0 * 100_000_000) })
            return .setIndexPrices(SetIndexPrices([quote]))
        case ("lend", let amount?): return .fundLending(LendingPool(asset: asset, amount: units(amount)))
        case ("insure", let amount?): return .fundInsurance(InsuranceFund(asset: asset, amount: units(amount)))
        case ("terms", let ratio?):
            guard words.count == 4, let interest = Int64(words[3]) else { throw Malformed(line: "\(words)") }
            return .defineAsset(
                Asset(
                    id: asset, name: words[1], decimals: UInt8(Stage.decimals), networks: [],
                    margin: MarginTerms(
                        collateralRatio: Rate(ratio * 1_000_000), dailyInterest: Rate(interest * 10_000))))
        default: throw Malformed(line: "\(words)")
        }
    }

    /// What an account asks for besides orders; nil of an order.
    static func command(_ words: [String], of account: AccountID) throws -> Command? {
        let market = MarketID(0)
        switch words[1] {
        case "cancel" where words[2] == "all":
            return .cancelAllOrders(CancelAllOrders(account: account, market: nil, wallet: wallet(words)))
        case "cancel":
            return .cancelOrder(
                CancelOrder(account: account, market: market, wallet: wallet(words), order: reference(words[2])))
        case "amend":
            return .amendOrder(
                AmendOrder(
                    account: account, market: market, order: reference(words[2]),
                    price: number(of: "@", in: words).map { Ticks($0) },
                    quantity: number(of: "to", in: words).map { Steps($0) }))
        case "countdown":
            return .setCancelCountdown(
                SetCancelCountdown(
                    account: account, market: words.last == "here" ? market : nil, countdown: Int64(words[2]) ?? 0))
        case "leverage": return .changeAccount(ChangeAccount(account: account, marginLeverage: UInt8(words[2])))
        case "oco": return .placeOrderList(try list(words, of: account))
        case "transfer", "borrow", "repay":
            guard words.count > 3, let amount = Int64(words[2]) else { throw Malformed(line: "\(words)") }
            return funds(words, units(amount), asset(words[3]), of: account)
        default: return nil
        }
    }

    private static func funds(
        _ words: [String], _ amount: Units, _ asset: AssetID, of account: AccountID
    ) -> Command {
        switch words[1] {
        case "borrow": return .borrow(BorrowFunds(account: account, asset: asset, amount: amount))
        case "repay": return .repay(RepayFunds(account: account, asset: asset, amount: amount))
        default:
            let isOut = words.contains("out")
            return .transfer(
                TransferFunds(
                    account: account, asset: asset, amount: amount, from: isOut ? .margin : .spot,
                    to: isOut ? .spot : .margin))
        }
    }

    private static func list(_ words: [String], of account: AccountID) throws -> PlaceOrderList {
        guard words.count > 7, let quantity = Int64(words[3]), let limit = number(of: "@", in: words),
            let stop = number(of: "stop", in: words)
        else { throw Malformed(line: "\(words)") }
        return PlaceOrderList(
            account: account, market: MarketID(0), side: words[2] == "buy" ? .buy : .sell, quantity: Steps(quantity),
            limitPrice: Ticks(limit), stopPrice: Ticks(stop),
            stopLimit: number(of: "limit", in: words).map { .init(price: Ticks($0), timeInForce: .gtc) })
    }

    static func options(_ words: [String]) -> OrderOptions {
        var options = OrderOptions()
        let delta = number(of: "trail", in: words).map { UInt16($0) }
        if let price = number(of: "profit", in: words) {
            options.trigger = Trigger(.takeProfit, at: Ticks(price), trailingDelta: delta)
        } else if delta != nil || words.contains("stop") {
            options.trigger = Trigger(
                .stopLoss, at: number(of: "stop", in: words).map { Ticks($0) }, trailingDelta: delta)
        }
        options.icebergQuantity = number(of: "iceberg", in: words).map { Steps($0) }
        options.lifetime = number(of: "lasting", in: words)
        if words.contains("margin-buy") { options.sideEffect = .marginBuy }
        if words.contains("auto-repay") { options.sideEffect = .autoRepay }
        return options
    }

    static func wallet(_ words: [String]) -> Wallet {
        words.contains("margin") || words.contains("margin-buy") || words.contains("auto-repay") ? .margin : .spot
    }

    /// The word after another.
    static func value(of word: String, in words: [String]) -> String? {
        words.firstIndex(of: word).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }

    private static func number(of word: String, in words: [String]) -> Int64? {
        value(of: word, in: words).flatMap { Int64($0) }
    }

    private static func reference(_ word: String) -> OrderReference {
        UInt64(word).map { .id(OrderID($0)) } ?? .clientID(ClientOrderID(word) ?? .none)
    }

    private static func asset(_ name: String) -> AssetID { AssetID(name == "USDT" ? 0 : name == "BTC" ? 1 : 9) }

    private static func units(_ amount: Int64) -> Units { Units(Int128(amount) * 10_000) }
}
