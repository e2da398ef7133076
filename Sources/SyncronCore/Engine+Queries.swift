/// What can be read of the state. Nothing here changes it.
extension Engine {
    public var markets: [Market] { (0..<marketCount).map { marketSlots[$0].definition } }
    public var accounts: [Account] { register.accounts }
    public var apiKeys: [APIKey] { register.apiKeys }
    public var accountCount: Int { register.accounts.count }
    public var openOrderCount: Int { pool.count }

    /// By expiry, the next first.
    public var listenKeys: [ListenKey] {
        register.expiries[register.firstExpiry...]
            .compactMap { entry in
                register.listenKeys[entry.key].flatMap { $0.expiresAt == entry.at ? $0 : nil }
            }
    }

    public func account(_ id: AccountID) -> Account? { register.account(id) }

    /// When the account was opened, or a balance of it last changed.
    public func updatedAt(of account: AccountID) -> Timestamp {
        register.account(account) == nil ? .zero : accountSlots[account.raw].updatedAt
    }

    /// Every asset that the account ever held in the wallet, by asset.
    public func balances(of account: AccountID, wallet: Wallet) -> [BalanceChange] {
        assets.compactMap { asset in
            let key = BalanceKey(account: account, wallet: wallet, asset: asset.id)
            guard ledger.hasEverHeld(key) else { return nil }
            let balance = ledger.balance(key)
            return BalanceChange(
                account: account, wallet: wallet, asset: asset.id, free: balance.free, held: balance.held)
        }
    }

    /// The account's open orders in the wallet, in one market or all, oldest first.
    public func openOrders(of account: AccountID, wallet: Wallet, market: MarketID?) -> [OrderState] {
        guard register.account(account) != nil else { return [] }
        var orders: [OrderState] = []
        var slot = accountSlots[account.raw].firstOrder
        while slot != 0 {
            let order = pool.states.base + Int(slot)
            if order.pointee.wallet == wallet && (market == nil || market == order.pointee.market) {
                orders.append(order.pointee)
            }
            slot = pool.orders[slot].accountNext
        }
        return orders
    }

    /// The account's open order of that name, if there is one.
    public func openOrder(
        of account: AccountID, wallet: Wallet, market: MarketID, _ reference: OrderReference
    ) -> OrderState? {
        let slot = openSlot(account, wallet, market, reference)
        return slot == 0 ? nil : pool.states[slot]
    }

    /// Why the order would be refused if it came next; nil if it would not.
    public func check(_ order: PlaceOrder, _ options: OrderOptions? = nil, at time: Timestamp) -> Rejection? {
        do throws(Rejection) {
            if options != nil || order.wallet != .spot {
                _ = try admit(OrderWithOptions(order, options ?? OrderOptions()), at: time)
            } else {
                _ = try admit(order, at: time)
            }
            return nil
        } catch {
            return error
        }
    }

    /// What is owned, held and earned of each asset.
    public var totals: [LedgerTotals] {
        var totals = assets.map { LedgerTotals(asset: $0.id, house: ledger.houseAccounts(of: $0.id)) }
        ledger.forEach(accounts: register.accounts.count) { key, balance in
            totals[key.asset.index].accounts += balance.free
            totals[key.asset.index].holds += balance.held
        }
        return totals
    }
}

/// All the money of one asset, in its units.
public struct LedgerTotals: Sendable, Hashable {
    public var asset: AssetID
    /// Customers' free balances.
    public var accounts = Units.zero
    /// Customers' held balances.
    public var holds = Units.zero
    public var fees: Units
    public var insurance: Units
    public var interest: Units
    public var lending: Units
    public var clearing: Units
    public var rounding: Units
    /// Minus what came in and has not gone out.
    public var external: Units

    init(asset: AssetID, house: [Units]) {
        self.asset = asset
        fees = house[Int(HouseAccount.fees.rawValue)]
        insurance = house[Int(HouseAccount.insurance.rawValue)]
        interest = house[Int(HouseAccount.interest.rawValue)]
        lending = house[Int(HouseAccount.lending.rawValue)]
        clearing = house[Int(HouseAccount.clearing.rawValue)]
        rounding = house[Int(HouseAccount.rounding.rawValue)]
        external = house[Int(HouseAccount.external.rawValue)]
    }

    /// Whether everything sums to zero.
    public var isBalanced: Bool {
        [accounts, holds, fees, insurance, interest, lending, clearing, rounding, external]
            .reduce(Units.zero, +) == .zero
    }
}
