import CSyncron

/// Most of the time that a command takes on a large exchange is waiting for memory. Commands come in batches, so what
/// the next ones will look at can be asked for while this one is at work. Nothing here changes the state or what
/// comes of a command.
extension Engine {
    /// How many commands ahead the looks are: each follows the way that the one before it has brought.
    private static let (far, near, next) = (12, 8, 4)

    /// To be called before `commands[index]` is applied.
    @inline(__always)
    public func prefetch(_ commands: borrowing Span<Command>, at index: Int) {
        // Smaller tables stay in the caches by themselves.
        guard pool.count - waitingCount > prefetchesFrom || register.accounts.count > prefetchesFrom * 8
        else { return }
        if index &+ Self.far < commands.count { look(at: commands[index &+ Self.far]) }
        if index &+ Self.near < commands.count { lookForOrder(of: commands[index &+ Self.near]) }
        if index &+ Self.next < commands.count { lookAround(commands[index &+ Self.next]) }
    }

    @inline(__always)
    private func look(at command: Command) {
        if case .placeOrder(let order) = command {
            // It will have one of the next ids.
            look(order.account, order.wallet, order.market, OrderID(lastOrderID &+ UInt64(Self.far)))
        } else if case .cancelOrder(let cancel) = command, case .id(let id) = cancel.order {
            look(cancel.account, cancel.wallet, cancel.market, id)
        }
    }

    @inline(__always)
    private func look(_ account: AccountID, _ wallet: Wallet, _ market: MarketID, _ order: OrderID) {
        guard account.raw <= limits.accounts, let slot = slot(market) else { return }
        syncron_prefetch(accountSlots.base + Int(account.raw))
        lookForMoney(of: account, wallet, slot, rules(market))
        orderIDs.prefetch(UInt32(truncatingIfNeeded: order.raw))
    }

    /// The order that is to be cancelled, or the level that a new one would join.
    @inline(__always)
    private func lookForOrder(of command: Command) {
        if case .cancelOrder(let cancel) = command, case .id(let id) = cancel.order {
            let slot = Int(orderIDs.findAny(UInt32(truncatingIfNeeded: id.raw)))
            syncron_prefetch(pool.orders.base + slot)
            syncron_prefetch(pool.states.base + slot)
            syncron_prefetch(UnsafeRawPointer(pool.states.base + slot) + 64)
        } else if case .placeOrder(let order) = command, case .limit(let price, _, _) = order.terms {
            if let level = level(at: price, order.side, order.market) { syncron_prefetch(level) }
        }
    }

    /// The neighbours that an order is taken from between, or behind which it is put.
    @inline(__always)
    private func lookAround(_ command: Command) {
        if case .cancelOrder(let cancel) = command, case .id(let id) = cancel.order {
            let order = pool.orders.base + Int(orderIDs.findAny(UInt32(truncatingIfNeeded: id.raw)))
            syncron_prefetch(pages.levels.base + Int(order.pointee.level))
            syncron_prefetch(pool.orders.base + Int(order.pointee.next))
            syncron_prefetch(pool.orders.base + Int(order.pointee.previous))
            syncron_prefetch(pool.orders.base + Int(order.pointee.accountNext))
            syncron_prefetch(pool.orders.base + Int(order.pointee.accountPrevious))
        } else if case .placeOrder(let order) = command, case .limit(let price, _, _) = order.terms {
            if let level = level(at: price, order.side, order.market) {
                syncron_prefetch(pool.orders.base + Int(level.pointee.tail))
            }
            guard order.account.raw <= limits.accounts else { return }
            syncron_prefetch(pool.orders.base + Int(accountSlots[order.account.raw].lastOrder))
        }
    }

    /// What settling the matches will look at: whom an order meets is known only when it has.
    @inline(__always)
    func lookForMakers(_ market: UnsafeMutablePointer<MarketSlot>, _ rules: UnsafePointer<MarketRules>) {
        for index in 0..<matches.count where matches.base[index].kind == .trade {
            let slot = Int(matches.base[index].maker)
            let order = pool.orders.base + slot
            syncron_prefetch(pool.states.base + slot)
            syncron_prefetch(UnsafeRawPointer(pool.states.base + slot) + 64)
            syncron_prefetch(accountSlots.base + Int(order.pointee.account.raw))
            lookForMoney(of: order.pointee.account, .spot, market, rules)
            syncron_prefetch(pool.orders.base + Int(order.pointee.accountNext))
            syncron_prefetch(pool.orders.base + Int(order.pointee.accountPrevious))
        }
    }

    /// The balances of an account that an order in that market can change, and its number of orders there.
    @inline(__always)
    func lookForMoney(
        of account: AccountID, _ wallet: Wallet, _ market: UnsafeMutablePointer<MarketSlot>,
        _ rules: UnsafePointer<MarketRules>
    ) {
        ledger.prefetch(BalanceKey(account: account, wallet: wallet, asset: rules.pointee.base))
        ledger.prefetch(BalanceKey(account: account, wallet: wallet, asset: rules.pointee.quote))
        syncron_prefetch(market.pointee.openOrders.base + MarketSlot.counter(account, wallet))
    }

    @inline(__always)
    private func level(at price: Ticks, _ side: Side, _ market: MarketID) -> UnsafePointer<Level>? {
        guard let slot = slot(market) else { return nil }
        return side == .buy ? slot.pointee.bids.level(at: price, pages) : slot.pointee.asks.level(at: price, pages)
    }
}
