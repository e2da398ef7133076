extension Engine {
    /// A fingerprint of the whole state: equal on two machines that have applied the same commands.
    ///
    /// The large tables keep their part as they change; the few small things are added up here.
    public var digest: StateDigest {
        var sum =
            ledger.digest &+ orderDigest &+ register.digest &+ register.transactionDigest &+ smallPartsDigest
            &+ margin.digest
        var end = PartDigest(kind: 0)
        end.add(sequence.raw)
        end.add(now.milliseconds)
        end.add(lastOrderID)
        end.add(sum)
        sum = end.value
        return StateDigest(sum)
    }

    private var smallPartsDigest: UInt64 {
        var sum: UInt64 = 0
        for asset in assets {
            sum &+= asset.digest
            var part = PartDigest(kind: 1)
            part.add(UInt64(asset.id.raw))
            for account in HouseAccount.allCases { part.add(ledger.house(account, asset.id)) }
            let index = margin.index[asset.id.index]
            if let price = index.price { part.add(price.raw << 1 | (index.isFixed ? 1 : 0)) }
            sum &+= part.value
        }
        for index in 0..<marketCount {
            sum &+= marketSlots[index].definition.digest
            var part = PartDigest(kind: 2)
            part.add(UInt64(index))
            part.add(marketSlots[index].lastTradeID)
            part.add(marketSlots[index].lastPrice.raw)
            sum &+= part.value
        }
        var part = PartDigest(kind: 3)
        part.add(UInt64(genesis?.rules ?? 0))
        part.add(UInt64(genesis.map { $0.hasSandbox ? 2 : 1 } ?? 0))
        return sum &+ part.value
    }

    /// What the executed quantity of an order counts in the digest; twice that and one, its executed notional.
    @inline(__always)
    static func orderKey(_ id: OrderID) -> UInt64 { id.raw &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// An open order's part of the digest. What never changes of it is folded into one word; what does is counted
    /// in multiples of its key, so that a fill adds its own part.
    @inline(__always)
    func partDigest(of slot: OrderSlot) -> UInt64 {
        let order = UnsafePointer(pool.states.base + Int(slot))
        let key = Self.orderKey(order.pointee.id)
        let owner =
            UInt64(order.pointee.account.raw) << 32 | UInt64(order.pointee.market.raw) << 16
            | UInt64(order.pointee.wallet.rawValue) << 8 | UInt64(order.pointee.side.rawValue)
        let terms = UInt64(order.pointee.type.rawValue) << 8 | UInt64(order.pointee.selfTradePrevention.rawValue)
        let particulars =
            UInt64(truncatingIfNeeded: order.pointee.particulars)
            &+ UInt64(truncatingIfNeeded: order.pointee.particulars >> 64) &* 0x8EBC_6AF0_9C88_C6E3
        let word = mix(
            UInt64(bitPattern: order.pointee.price.raw) ^ key,
            owner &+ UInt64(bitPattern: order.pointee.quantity.raw) &* 0xE703_7ED1_A0B4_28DB)
        var part =
            word &+ key &* (UInt64(bitPattern: order.pointee.executed.raw) &+ terms << 48 &+ particulars)
            &+ (key << 1 | 1)
            &* (UInt64(truncatingIfNeeded: order.pointee.executedNotional.raw)
                &+ UInt64(bitPattern: order.pointee.createdAt.milliseconds))
        if pool.orders[slot].marks.contains(.lifetime) {
            part &+= lifetimeDigest(order.pointee.id, pool.extras[slot].expiresAt)
        }
        if pool.orders[slot].marks.contains(.margin) {
            part &+= mix(
                key,
                UInt64(truncatingIfNeeded: pool.extras[slot].loan.raw) << 2
                    | UInt64(pool.extras[slot].sideEffect.rawValue))
        }
        if order.pointee.clientOrderID.isEmpty { return part }
        return part &+ order.pointee.clientOrderID.digest(of: order.pointee.account, order.pointee.wallet)
    }
}

extension Account {
    var digest: UInt64 {
        var part = PartDigest(kind: 4)
        part.add(UInt64(id.raw))
        part.add(email ?? "")
        part.add(UInt64(level.rawValue) << 16 | UInt64(commissionTier) << 8 | UInt64(marginLeverage))
        part.add(UInt64(requestsPerMinute.map { UInt64($0) + 1 } ?? 0))
        part.add(UInt64(ordersPerSecond.map { UInt64($0) + 1 } ?? 0))
        part.add(UInt64(canTrade ? 1 : 0) | UInt64(canWithdraw ? 2 : 0) | UInt64(isSandbox ? 4 : 0))
        part.add(createdAt.milliseconds)
        return part.value
    }
}

extension APIKey {
    var digest: UInt64 {
        var part = PartDigest(kind: 5)
        part.add(key)
        part.add(UInt64(account.raw) << 8 | UInt64(permissions.rawValue))
        part.add(name)
        for restriction in ipRestrictions { part.add(restriction) }
        part.add(expiresAt?.milliseconds ?? -1)
        part.add(createdAt.milliseconds)
        switch credential {
        case .sealedSecret(let bytes), .ed25519(let bytes): part.add(bytes)
        }
        return part.value
    }
}

extension ListenKey {
    var digest: UInt64 {
        var part = PartDigest(kind: 6)
        part.add(key)
        part.add(UInt64(account.raw))
        part.add(expiresAt.milliseconds)
        return part.value
    }
}

extension Deposit {
    var digest: UInt64 {
        var part = PartDigest(kind: 7)
        part.add(id.raw)
        part.add(UInt64(account.raw) << 32 | UInt64(asset.raw) << 16 | UInt64(status.rawValue))
        part.add(network)
        part.add(txID)
        part.add(address)
        part.add(amount)
        part.add(UInt64(confirmations))
        part.add(insertedAt.milliseconds)
        part.add(completedAt?.milliseconds ?? -1)
        return part.value
    }
}

extension Asset {
    var digest: UInt64 {
        var part = PartDigest(kind: 8)
        part.add(name)
        part.add(UInt64(id.raw) << 8 | UInt64(decimals))
        for network in networks {
            part.add(network.name)
            part.add(network.withdrawalFee)
        }
        if let margin {
            part.add(margin.collateralRatio.raw)
            part.add(margin.dailyInterest.raw)
        }
        return part.value
    }
}

extension Market {
    var digest: UInt64 {
        var part = PartDigest(kind: 9)
        part.add(symbol)
        part.add(UInt64(id.raw) << 48 | UInt64(base.raw) << 32 | UInt64(quote.raw) << 16)
        part.add(UInt64(kind.rawValue) << 24 | UInt64(status.rawValue) << 16 | UInt64(pricePrecision) << 8)
        part.add(UInt64(quantityPrecision))
        for word in [tickSize, stepSize, filters.minPrice.raw, filters.maxPrice.raw] { part.add(word) }
        for quantity in [
            filters.minQuantity, filters.maxQuantity, filters.minMarketQuantity, filters.maxMarketQuantity,
        ] { part.add(quantity.raw) }
        part.add(filters.minNotional)
        part.add(filters.maxNotional ?? Units(-1))
        part.add(filters.maxPosition ?? Units(-1))
        if let percent = filters.percentPrice {
            for rate in [percent.bidUp, percent.bidDown, percent.askUp, percent.askDown] { part.add(rate.raw) }
        }
        for count in [filters.maxIcebergParts, filters.maxOrders, filters.maxAlgoOrders] { part.add(UInt64(count)) }
        for rates in commissions {
            part.add(rates.maker.raw)
            part.add(rates.taker.raw)
        }
        return part.value
    }
}
