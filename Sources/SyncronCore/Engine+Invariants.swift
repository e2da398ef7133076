extension Engine {
    /// After every command of a debug build: the cheap invariants always, the whole state while it is small, and of
    /// a large state every so often.
    func checkAfterCommand() {
        precondition(ledger.isBalanced, "the postings of a command sum to zero")
        if pool.count < 64 && register.accounts.count < 64 || sequence.raw % 4_096 == 0 { checkInvariants() }
    }

    /// What holds between any two commands. Traps where it does not.
    public func checkInvariants() {
        precondition(ledger.isBalanced, "money is conserved")
        precondition(
            ledger.digest == ledger.digestFromScratch(accounts: register.accounts.count),
            "the digest is of the balances")
        checkHolds()
        for index in 0..<marketCount { checkBook(index) }
        checkMarginAccounts()
    }

    /// Nobody below the liquidation level is overlooked, and no debt is less than nothing.
    private func checkMarginAccounts() {
        var digest: UInt64 = 0
        for place in 1..<MarginPlace(margin.accounts.count + 1) {
            digest &+= margin[place].digest
            precondition(margin[place].debts.allSatisfy { $0.borrowed >= .zero && $0.interest >= .zero })
            precondition(!margin[place].isDue, "who is due is checked before the command ends")
            let levels = levels(of: place)
            let isCall = levels.isAtMost(MarginLevels.callPercent(leverage: leverage(of: place)))
            switch margin[place].status {
            case .normal: precondition(!isCall, "a margin call is made when it is due")
            case .marginCall:
                precondition(isCall && !levels.isAtMost(MarginLevels.liquidationPercent), "a status is as the level")
            case .liquidating: precondition(margin.liquidating.contains(place))
            }
        }
        precondition(digest == margin.digest, "the digest is of the margin accounts")
        for asset in assets { precondition(ledger.house(.insurance, asset.id) >= .zero, "insurance owes nothing") }
    }

    /// Holds equal what the open orders and the pending withdrawals need, balance by balance.
    private func checkHolds() {
        var needed: [BalanceKey: Units] = [:]
        var digest: UInt64 = 0
        var count = 0
        for account in 1..<UInt32(register.accounts.count + 1) {
            var slot = accountSlots[account].firstOrder
            while slot != 0 {
                let order = pool.states[slot]
                let remaining = pool.open(slot)
                let asset = rules(order.market).pointee.asset(paidBy: order.side)
                precondition(order.isOpen && remaining > .zero, "an open order is open")
                precondition(order.quantity - order.executed == remaining, "what remains is not executed")
                precondition(order.account == pool.orders[slot].account, "an order has one account")
                needed[BalanceKey(account: order.account, wallet: order.wallet, asset: asset), default: .zero] +=
                    held(by: pool.states.base + Int(slot))
                digest &+= partDigest(of: slot)
                count += 1
                slot = pool.orders[slot].accountNext
            }
        }
        for withdrawal in register.withdrawals where withdrawal.status == .pending {
            needed[withdrawal.balanceKey, default: .zero] += withdrawal.total
        }
        precondition(count == pool.count, "every resting order is its account's")
        precondition(digest == orderDigest, "the digest is of the orders")
        ledger.forEach(accounts: register.accounts.count) { key, balance in
            precondition(balance.free >= .zero && balance.held >= .zero, "no balance is negative")
            precondition(balance.held == needed[key, default: .zero], "holds equal open orders and pending withdrawals")
        }
    }

    /// The book is not crossed, and every level adds up.
    private func checkBook(_ index: Int) {
        let market = marketSlots + index
        if let bid = market.pointee.bids.bestPrice, let ask = market.pointee.asks.bestPrice {
            precondition(bid < ask, "no book is crossed")
        }
        market.pointee.bids.checkInvariants(pool, pages)
        market.pointee.asks.checkInvariants(pool, pages)
    }
}

extension BookSide {
    /// All orders, from the best level outwards, each queue from its oldest order.
    func slots(_ pool: borrowing OrderPool, _ pages: borrowing PagePool) -> [OrderSlot] {
        guard !isEmpty else { return [] }
        var slots: [OrderSlot] = []
        var level: UInt32? = best(pages)
        while let here = level {
            var slot = pages.levels[here].head
            while slot != 0 {
                slots.append(slot)
                slot = pool.orders[slot].next
            }
            level = next(after: here, pages)
        }
        return slots
    }

    func checkInvariants(_ pool: borrowing OrderPool, _ pages: borrowing PagePool) {
        var last: Int64?
        precondition(bestKey == (isEmpty ? .min : key(of: best(pages), pages)), "the best key is the best level's")
        guard !isEmpty else { return }
        var level: UInt32? = best(pages)
        while let here = level {
            let key = key(of: here, pages)
            if let last { precondition(key < last, "levels stand in order") }
            last = key
            var total = Steps.zero
            var slot = pages.levels[here].head
            precondition(slot != 0, "a level has orders")
            var previous: OrderSlot = 0
            while slot != 0 {
                let order = pool.orders[slot]
                let state = pool.states[slot]
                precondition(state.price == price(of: key) && order.level == here && state.side == side)
                precondition(order.previous == previous, "a queue is linked both ways")
                total += order.remaining
                previous = slot
                slot = order.next
            }
            precondition(pages.levels[here].tail == previous && pages.levels[here].total == total, "levels add up")
            level = next(after: here, pages)
        }
    }
}
