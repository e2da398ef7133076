extension Engine {
    mutating func open(_ order: OpenAccount) throws(Rejection) {
        guard genesis != nil else { throw .outOfPlace }
        if let email = order.email { guard Self.isText(email) else { throw .invalid(.email) } }
        guard order.commissionTier < CommissionRates.tiers else { throw .invalid(.commissionTier) }
        guard register.accounts.count < limits.accounts else { throw .risk(.exchangeLimit) }
        let account = Account(
            id: AccountID(UInt32(register.accounts.count + 1)), email: order.email, level: order.level,
            commissionTier: order.commissionTier, isSandbox: order.isSandbox, createdAt: now)
        register.accounts.append(account)
        register.add(digest: account.digest)
        writeSlot(of: account)
        accountSlots[account.id.raw].updatedAt = now
        log.append(.accountOpened(account))
    }

    mutating func change(_ change: ChangeAccount) throws(Rejection) {
        guard var account = register.account(change.account) else { throw .unknownAccount }
        if let tier = change.commissionTier, tier >= CommissionRates.tiers { throw .invalid(.commissionTier) }
        if let leverage = change.marginLeverage, leverage != 3, leverage != 5 { throw .invalid(.marginLeverage) }
        if let leverage = change.marginLeverage, leverage != account.marginLeverage {
            margin.note(margin.place(of: account.id))
        }
        account.level = change.level ?? account.level
        account.requestsPerMinute = change.requestsPerMinute ?? account.requestsPerMinute
        account.ordersPerSecond = change.ordersPerSecond ?? account.ordersPerSecond
        account.commissionTier = change.commissionTier ?? account.commissionTier
        account.marginLeverage = change.marginLeverage ?? account.marginLeverage
        account.canTrade = change.canTrade ?? account.canTrade
        account.canWithdraw = change.canWithdraw ?? account.canWithdraw
        register.remove(digest: register.accounts[account.id.index - 1].digest)
        register.add(digest: account.digest)
        register.accounts[account.id.index - 1] = account
        writeSlot(of: account)
        log.append(.accountChanged(account))
    }

    func writeSlot(of account: Account) {
        accountSlots[account.id.raw].commissionTier = account.commissionTier
        accountSlots[account.id.raw].standing = account.canTrade ? .active : .tradingDisabled
    }

    @inline(__always)
    func requireAccount(_ id: AccountID) throws(Rejection) {
        guard id.raw <= limits.accounts, accountSlots[id.raw].standing != .absent else { throw .unknownAccount }
    }

    mutating func create(_ key: APIKey) throws(Rejection) {
        try requireAccount(key.account)
        guard Self.isText(key.key), register.apiKeyPlaces[key.key] == nil else { throw .conflict(.key) }
        try check(key)
        if let expiry = key.expiresAt { guard expiry > now else { throw .invalid(.expiresAt) } }
        guard register.apiKeys.count(where: { $0.account == key.account }) < limits.keysPerAccount
        else { throw .risk(.exchangeLimit) }
        var created = key
        created.createdAt = now
        register.apiKeyPlaces[key.key] = register.apiKeys.count
        register.apiKeys.append(created)
        register.add(digest: created.digest)
        log.append(.apiKeyCreated(created))
    }

    /// What a key says of itself, new or changed.
    func check(_ key: APIKey) throws(Rejection) {
        guard key.name.utf8.count <= Limits.textLength else { throw .invalid(.name) }
        guard !key.permissions.isEmpty, Permissions.all.isSuperset(of: key.permissions)
        else { throw .invalid(.permissions) }
        guard key.ipRestrictions.count <= Limits.addressesPerKey, key.ipRestrictions.allSatisfy(Self.isText)
        else { throw .invalid(.ipRestrictions) }
        if case .ed25519(let bytes) = key.credential {
            guard bytes.count == 32 else { throw .invalid(.ed25519PublicKey) }
        }
    }

    mutating func delete(_ order: DeleteAPIKey) throws(Rejection) {
        guard let place = register.apiKeyPlaces[order.key], register.apiKeys[place].account == order.account
        else { throw .unknownAPIKey }
        let deleted = register.apiKeys.remove(at: place)
        register.apiKeyPlaces[order.key] = nil
        for later in place..<register.apiKeys.count { register.apiKeyPlaces[register.apiKeys[later].key] = later }
        register.remove(digest: deleted.digest)
        log.append(.apiKeyDeleted(deleted))
    }

    mutating func open(_ order: OpenListenKey) throws(Rejection) {
        try requireAccount(order.account)
        guard Self.isText(order.key), register.listenKeys[order.key] == nil else { throw .conflict(.key) }
        guard register.listenKeyCounts[order.account, default: 0] < limits.listenKeysPerAccount
        else { throw .risk(.exchangeLimit) }
        register.listenKeyCounts[order.account, default: 0] += 1
        log.append(.listenKeyOpened(renew(order.key, of: order.account)))
    }

    mutating func keep(_ order: KeepListenKey) throws(Rejection) {
        let known = try listenKey(order)
        register.remove(digest: known.digest)
        log.append(.listenKeyKept(renew(known.key, of: known.account)))
    }

    mutating func close(_ order: KeepListenKey) throws(Rejection) {
        let known = try listenKey(order)
        forget(known)
        log.append(.listenKeyClosed(known))
    }

    private func listenKey(_ order: KeepListenKey) throws(Rejection) -> ListenKey {
        guard let known = register.listenKeys[order.key], known.account == order.account, known.expiresAt > now
        else { throw .unknownListenKey }
        return known
    }

    private mutating func renew(_ key: String, of account: AccountID) -> ListenKey {
        let renewed = ListenKey(key: key, account: account, expiresAt: now + Limits.listenKeyLifetime)
        register.listenKeys[key] = renewed
        register.expiries.append(Register.Expiry(at: renewed.expiresAt, key: key))
        register.add(digest: renewed.digest)
        return renewed
    }

    private mutating func forget(_ key: ListenKey) {
        register.listenKeys[key.key] = nil
        register.listenKeyCounts[key.account, default: 1] -= 1
        register.remove(digest: key.digest)
    }

    /// Ends the listen keys whose time has come, in the order of their expiry.
    mutating func expireListenKeys() {
        while register.firstExpiry < register.expiries.count {
            let next = register.expiries[register.firstExpiry]
            let key = register.listenKeys[next.key]
            let isOvertaken = key?.expiresAt != next.at
            guard isOvertaken || next.at <= now else { break }
            register.firstExpiry += 1
            if let key, !isOvertaken {
                forget(key)
                log.append(.listenKeyExpired(key))
            }
        }
        if register.firstExpiry > 1_024 && register.firstExpiry * 2 > register.expiries.count {
            register.expiries.removeFirst(register.firstExpiry)
            register.firstExpiry = 0
        }
    }
}
