/// The whole state as bytes, and back. What can be computed from the rest (levels, maps, digests) is not written.
extension Engine {
    public func encode(into writer: inout ByteWriter) {
        writer.append(sequence.raw)
        writer.append(now.milliseconds)
        writer.encode(genesis)
        writer.append(lastOrderID)
        writer.encode(assets)
        writer.encode(register.accounts)
        for account in register.accounts { writer.append(accountSlots[account.id.raw].updatedAt.milliseconds) }
        writer.encode(register.apiKeys)
        writer.encode(listenKeys)
        writer.encode(register.deposits)
        writer.encode(register.withdrawals)
        writer.encode(register.addresses)
        writer.append(register.lastTransactionID)
        writer.encode(register.logins)
        writer.append(UInt32(marketCount))
        for index in 0..<marketCount { encodeMarket(index, into: &writer) }
        encodeLedger(into: &writer)
        for index in 0..<marketCount {
            encodeOrders(of: index, into: &writer)
            encodeWaiting(of: index, into: &writer)
        }
        encodeAccountOrder(into: &writer)
        encodeMargin(into: &writer)
        encodeFutures(into: &writer)
        encodeCountdowns(into: &writer)
    }

    private func encodeMarket(_ index: Int, into writer: inout ByteWriter) {
        let market = marketSlots + index
        writer.encode(market.pointee.definition)
        writer.append(market.pointee.lastTradeID)
        writer.append(market.pointee.lastPrice.raw)
        writer.encode(market.pointee.average)
    }

    private func encodeLedger(into writer: inout ByteWriter) {
        for asset in assets {
            for amount in ledger.houseAccounts(of: asset.id) { writer.append(amount.raw) }
        }
        var balances: [(BalanceKey, Balance)] = []
        ledger.forEach(accounts: register.accounts.count) { balances.append(($0, $1)) }
        writer.append(UInt64(balances.count))
        for (key, balance) in balances {
            writer.append(key.account.raw)
            writer.append(key.wallet.rawValue)
            writer.append(key.asset.raw)
            writer.append(balance.free.raw)
            writer.append(balance.held.raw)
        }
    }

    /// Both sides, level by level, each queue from its oldest order.
    private func encodeOrders(of index: Int, into writer: inout ByteWriter) {
        let slots = marketSlots[index].bids.slots(pool, pages) + marketSlots[index].asks.slots(pool, pages)
        writer.append(UInt64(slots.count))
        for slot in slots {
            encodeOrder(slot, into: &writer)
            if pool.states[slot].icebergQuantity > .zero { writer.append(pool.orders[slot].remaining.raw) }
        }
    }

    private func encodeOrder(_ slot: OrderSlot, into writer: inout ByteWriter) {
        writer.encode(pool.states[slot])
        let expires = pool.orders[slot].marks.contains(.lifetime)
        writer.encode(expires ? pool.extras[slot].expiresAt.milliseconds : nil)
        let hasSideEffect = pool.orders[slot].marks.contains(.margin)
        writer.encode(hasSideEffect)
        guard hasSideEffect else { return }
        writer.encode(pool.extras[slot].sideEffect)
        writer.append(pool.extras[slot].loan.raw)
        writer.append(pool.extras[slot].marketNeed.raw)
    }

    /// Each with the extreme that it trails, or zero.
    private func encodeWaiting(of index: Int, into writer: inout ByteWriter) {
        var waiting: [(OrderSlot, Ticks)] = []
        marketSlots[index].triggers.forEach(pool, pages) { waiting.append(($0, $1)) }
        marketSlots[index].perpetual.protectedTriggers.forEach(pool, pages) { waiting.append(($0, $1)) }
        marketSlots[index].perpetual.markTriggers.forEach(pool, pages) { waiting.append(($0, $1)) }
        marketSlots[index].perpetual.protectedMarkTriggers.forEach(pool, pages) { waiting.append(($0, $1)) }
        writer.append(UInt64(waiting.count))
        for (slot, extreme) in waiting {
            encodeOrder(slot, into: &writer)
            writer.append(extreme.raw)
            if pool.states[slot].list != nil { writer.append(pool.extras[slot].sharedHold.raw) }
        }
    }

    private func encodeCountdowns(into writer: inout ByteWriter) {
        let switches = timers.switches
        writer.append(UInt32(switches.count))
        for (it, time) in switches {
            writer.encode(CancelCountdown(account: it.account, market: it.market, wallet: it.wallet, at: time))
        }
    }

    /// Each account's open orders in the order of their acceptance.
    private func encodeAccountOrder(into writer: inout ByteWriter) {
        for account in register.accounts {
            var slot = accountSlots[account.id.raw].firstOrder
            var ids: [UInt64] = []
            while slot != 0 {
                ids.append(pool.states[slot].id.raw)
                slot = pool.orders[slot].accountNext
            }
            writer.encode(ids)
        }
    }

    /// Reads what `encode` wrote. Trust its digest only after comparing it with the one on record.
    public init(limits: Limits = Limits(), from reader: inout ByteReader) throws(CodingFailure) {
        self.init(limits: limits)
        sequence = Sequence(try reader.read())
        now = Timestamp(milliseconds: try reader.read())
        genesis = try reader.decode()
        lastOrderID = try reader.read()
        assets = try reader.decode()
        for asset in assets { addAsset(asset) }
        try readRegister(from: &reader)
        try readMarkets(from: &reader)
        try readLedger(from: &reader)
        for index in 0..<marketCount {
            try readOrders(of: index, from: &reader)
            try readWaiting(of: index, from: &reader)
        }
        try readAccountOrder(from: &reader)
        try readMargin(from: &reader)
        try readFutures(from: &reader)
        try readCountdowns(from: &reader)
    }

    private mutating func readRegister(from reader: inout ByteReader) throws(CodingFailure) {
        register.accounts = try reader.decode()
        guard register.accounts.count <= limits.accounts else { throw CodingFailure("more accounts than the limit") }
        for account in register.accounts {
            register.add(digest: account.digest)
            writeSlot(of: account)
            accountSlots[account.id.raw].updatedAt = Timestamp(milliseconds: try reader.read())
        }
        register.apiKeys = try reader.decode()
        for (place, key) in register.apiKeys.enumerated() {
            register.apiKeyPlaces[key.key] = place
            register.add(digest: key.digest)
        }
        for key in try reader.decode([ListenKey].self) {
            register.listenKeys[key.key] = key
            register.expiries.append(Register.Expiry(at: key.expiresAt, key: key.key))
            register.listenKeyCounts[key.account, default: 0] += 1
            register.add(digest: key.digest)
        }
        register.deposits = try reader.decode()
        for (place, deposit) in register.deposits.enumerated() {
            let name = Register.DepositName(
                account: deposit.account, asset: deposit.asset, network: deposit.network, txID: deposit.txID)
            register.depositPlaces[name] = place
            register.add(digest: deposit.digest)
        }
        for withdrawal in try reader.decode([Withdrawal].self) { register.append(withdrawal) }
        for address in try reader.decode([DepositAddress].self) { register.assign(address) }
        register.lastTransactionID = try reader.read()
        for login in try reader.decode([Login].self) { register.put(login) }
    }

    private mutating func readMarkets(from reader: inout ByteReader) throws(CodingFailure) {
        let count = Int(try reader.read(UInt32.self))
        guard count <= limits.markets else { throw CodingFailure("more markets than the limit") }
        for _ in 0..<count {
            let market = try reader.decode(Market.self)
            guard market.base.index < assets.count, market.quote.index < assets.count,
                let scale = try? MarketScale(
                    market, base: assets[market.base.index], quote: assets[market.quote.index])
            else { throw CodingFailure("a market that does not add up") }
            var slot = MarketSlot(market, accounts: limits.accounts)
            slot.lastTradeID = try reader.read()
            slot.lastPrice = Ticks(try reader.read())
            slot.average = try reader.decode()
            (marketSlots + marketCount).initialize(to: slot)
            marketRules[marketCount] = MarketRules(market, scale)
            marketCount += 1
            noteIndexMarket(market)
        }
    }

    private mutating func readLedger(from reader: inout ByteReader) throws(CodingFailure) {
        for asset in assets {
            for account in HouseAccount.allCases { ledger.post(Units(try reader.read()), to: account, asset.id) }
        }
        for _ in 0..<(try reader.read(UInt64.self)) {
            let account = AccountID(try reader.read())
            guard let wallet = Wallet(rawValue: try reader.read()) else { throw CodingFailure("no such wallet") }
            let asset = AssetID(try reader.read())
            guard account.raw <= register.accounts.count, asset.index < assets.count
            else { throw CodingFailure("a balance of nobody") }
            let balance = Balance(free: Units(try reader.read()), held: Units(try reader.read()))
            guard balance.free >= .zero, balance.held >= .zero else { throw CodingFailure("a negative balance") }
            ledger.restore(balance, of: BalanceKey(account: account, wallet: wallet, asset: asset))
        }
        guard ledger.isBalanced else { throw CodingFailure("a ledger that does not balance") }
    }

    private mutating func readOrders(of index: Int, from reader: inout ByteReader) throws(CodingFailure) {
        let count = Int(try reader.read(UInt64.self))
        guard pool.count + count <= limits.openOrders else { throw CodingFailure("more orders than the limit") }
        let market = marketSlots + index
        for _ in 0..<count {
            let slot = try readOrder(of: index, from: &reader)
            let order = UnsafePointer(pool.states.base + Int(slot))
            if order.pointee.icebergQuantity > .zero { pool.orders[slot].marks.insert(.iceberg) }
            if order.pointee.reduces { pool.orders[slot].marks.insert(.reduceOnly) }
            _ = enterBook(slot, market)
            if order.pointee.icebergQuantity > .zero {
                let shown = Steps(try reader.read())
                let more = pool.orders[slot].remaining - shown
                pool.orders[slot].remaining = shown
                pool.extras[slot].reserve += more
                pages.levels[pool.orders[slot].level].total -= more
                guard shown > .zero, more >= .zero else { throw CodingFailure("an iceberg that does not add up") }
            }
        }
    }

    /// An order in a slot, findable by its id alone.
    private mutating func readOrder(of index: Int, from reader: inout ByteReader) throws(CodingFailure) -> OrderSlot {
        let order = try reader.decode(OrderState.self)
        guard order.market.index == index, order.account.raw >= 1, order.account.raw <= register.accounts.count,
            order.isOpen, order.executed < order.quantity || order.closePosition
        else { throw CodingFailure("an order of nobody") }
        let slot = pool.take()
        pool.states[slot] = order
        orderIDs.insert(UInt32(truncatingIfNeeded: order.id.raw), slot)
        if let expiry = try reader.decode(Int64?.self) {
            let time = Timestamp(milliseconds: expiry)
            pool.orders[slot].marks.insert(.lifetime)
            pool.extras[slot].expiresAt = time
            timers.expire(order.id, at: time)
        }
        if try reader.decode(Bool.self) {
            pool.orders[slot].marks.insert(.margin)
            pool.extras[slot].sideEffect = try reader.decode()
            pool.extras[slot].loan = Units(try reader.read())
            pool.extras[slot].marketNeed = Units(try reader.read())
        }
        return slot
    }

    private mutating func readWaiting(of index: Int, from reader: inout ByteReader) throws(CodingFailure) {
        let count = Int(try reader.read(UInt64.self))
        guard pool.count + count <= limits.openOrders else { throw CodingFailure("more orders than the limit") }
        let market = marketSlots + index
        for _ in 0..<count {
            let slot = try readOrder(of: index, from: &reader)
            let order = UnsafePointer(pool.states.base + Int(slot))
            let extreme = Ticks(try reader.read())
            guard order.pointee.status == .pendingTrigger, order.pointee.type.isConditional
            else { throw CodingFailure("an order that waits for nothing") }
            if order.pointee.list != nil { pool.extras[slot].sharedHold = Units(try reader.read()) }
            market.pointee.waitingOrders[MarketSlot.counter(order.pointee.account, order.pointee.wallet)] += 1
            waitingCount += 1
            restore(slot, order, extreme, market)
        }
    }

    private mutating func restore(
        _ slot: OrderSlot, _ order: UnsafePointer<OrderState>, _ extreme: Ticks,
        _ market: UnsafeMutablePointer<MarketSlot>
    ) {
        switch (order.pointee.workingType, order.pointee.isPriceProtected) {
        case (.contractPrice, false): restore(slot, order, extreme, to: &market.pointee.triggers)
        case (.contractPrice, true): restore(slot, order, extreme, to: &market.pointee.perpetual.protectedTriggers)
        case (.markPrice, false): restore(slot, order, extreme, to: &market.pointee.perpetual.markTriggers)
        case (.markPrice, true): restore(slot, order, extreme, to: &market.pointee.perpetual.protectedMarkTriggers)
        }
    }

    private mutating func restore(
        _ slot: OrderSlot, _ order: UnsafePointer<OrderState>, _ extreme: Ticks, to triggers: inout TriggerBook
    ) {
        if extreme > .zero {
            triggers.restore(slot, order, extreme: extreme, pool)
        } else {
            triggers.add(slot, order, lastPrice: .zero, pool, &pages)
        }
    }

    private mutating func readCountdowns(from reader: inout ByteReader) throws(CodingFailure) {
        for _ in 0..<(try reader.read(UInt32.self)) {
            let countdown = try reader.decode(CancelCountdown.self)
            let it = Timers.Switch(account: countdown.account, wallet: countdown.wallet, market: countdown.market)
            timers.arm(it, at: countdown.at)
            register.add(digest: digest(of: it, countdown.at))
        }
    }

    /// Enlists the orders account by account, so that each account's list has its order again.
    private mutating func readAccountOrder(from reader: inout ByteReader) throws(CodingFailure) {
        for _ in register.accounts {
            for id in try reader.decode([UInt64].self) {
                let tag = UInt32(truncatingIfNeeded: id)
                let slot = orderIDs.find(tag) { pool.states[$0].id.raw == id }
                guard slot != 0 else { throw CodingFailure("an order that is in no book") }
                orderIDs.remove(tag, slot)
                enlist(slot, marketSlots + pool.states[slot].market.index)
                orderDigest &+= partDigest(of: slot)
            }
        }
    }
}
