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

    /// Whose order the command concerns, and which one when it stands already.
    @inline(__always)
    private static func target(of command: borrowing Command) -> (account: AccountID, wallet: Wallet, order: OrderID?)?
    {
        switch command {
        case .placeOrder(let order):
            (order.account, order.wallet, nil)
        case .cancelOrder(let cancel):
            if case .id(let id) = cancel.order {
                (cancel.account, cancel.wallet, id)
            } else {
                (cancel.account, cancel.wallet, nil)
            }
        case .begin, .openAccount, .changeAccount, .createAPIKey, .deleteAPIKey, .openListenKey, .keepListenKey,
            .closeListenKey, .recordDeposit, .defineAsset, .defineMarket, .setMarketStatus, .tick, .checkpoint:
            nil
        }
    }

    @inline(__always)
    private func look(at command: borrowing Command) {
        guard let target = Self.target(of: command), target.account.raw <= limits.accounts else { return }
        syncron_prefetch(accountSlots.base + Int(target.account.raw))
        ledger.prefetch(target.account, target.wallet)
        if let order = target.order { orderIDs.prefetch(UInt32(truncatingIfNeeded: order.raw)) }
    }

    @inline(__always)
    private func lookCloser(at command: borrowing Command) {
        guard let order = Self.target(of: command)?.order else { return }
        let slot = Int(orderIDs.findAny(UInt32(truncatingIfNeeded: order.raw)))
        syncron_prefetch(pool.orders.base + slot)
        syncron_prefetch(pool.details.base + slot)
        syncron_prefetch(UnsafeRawPointer(pool.details.base + slot) + 64)
    }
}
