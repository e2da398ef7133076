import CSyncron

/// Most of the time that a command takes on a large exchange is waiting for memory. Commands come in batches, so what
/// the next ones will look at can be asked for while this one is at work. Nothing here changes the state or what
/// comes of a command.
extension Engine {
    /// How many commands ahead the first look is, and the second, for which the first has brought the way.
    private static let (far, near) = (8, 4)

    /// To be called before `commands[index]` is applied.
    @inline(__always)
    public func prefetch(_ commands: borrowing Span<Command>, at index: Int) {
        if index + Self.far < commands.count { look(at: commands[index + Self.far]) }
        if index + Self.near < commands.count { lookCloser(at: commands[index + Self.near]) }
    }

    private struct Target {
        var account: AccountID
        var wallet: Wallet
        var market: MarketID
        var order: OrderID?
    }

    /// Whose order the command concerns, and which one when it stands already.
    @inline(__always)
    private static func target(of command: borrowing Command) -> Target? {
        switch command {
        case .placeOrder(let order):
            Target(account: order.account, wallet: order.wallet, market: order.market, order: nil)
        case .cancelOrder(let cancel):
            Target(
                account: cancel.account, wallet: cancel.wallet, market: cancel.market,
                order: Self.id(of: cancel.order))
        case .begin, .openAccount, .changeAccount, .createAPIKey, .deleteAPIKey, .openListenKey, .keepListenKey,
            .closeListenKey, .recordDeposit, .defineAsset, .defineMarket, .setMarketStatus, .tick, .checkpoint:
            nil
        }
    }

    private static func id(of reference: OrderReference) -> OrderID? {
        switch reference {
        case .id(let id): id
        case .clientID: nil
        }
    }

    @inline(__always)
    private func look(at command: borrowing Command) {
        guard let target = Self.target(of: command), target.account.raw <= limits.accounts,
            let market = slot(target.market)
        else { return }
        syncron_prefetch(accountSlots.base + Int(target.account.raw))
        syncron_prefetch(market.pointee.openOrders.base + Int(target.account.raw))
        let (base, quote) = (rules(target.market).pointee.base, rules(target.market).pointee.quote)
        ledger.prefetch(BalanceKey(account: target.account, wallet: target.wallet, asset: base))
        ledger.prefetch(BalanceKey(account: target.account, wallet: target.wallet, asset: quote))
        if let order = target.order { orderIDs.prefetch(UInt32(truncatingIfNeeded: order.raw)) }
    }

    @inline(__always)
    private func lookCloser(at command: borrowing Command) {
        guard let order = Self.target(of: command)?.order else { return }
        let slot = Int(orderIDs.findAny(UInt32(truncatingIfNeeded: order.raw)))
        syncron_prefetch(pool.orders.base + slot)
        syncron_prefetch(pool.states.base + slot)
        syncron_prefetch(UnsafeRawPointer(pool.states.base + slot) + 64)
    }
}
