extension Engine {
    mutating func enroll(_ order: RegisterLogin) throws(Rejection) {
        guard Self.isText(order.email) else { throw .invalid(.email) }
        guard Self.isText(order.passwordHash) else { throw .invalid(.password) }
        guard register.loginPlaces[order.email] == nil else { throw .conflict(.email) }
        try open(OpenAccount(email: order.email))
        let login = Login(
            account: AccountID(UInt32(register.accounts.count)), email: order.email,
            passwordHash: order.passwordHash, secondFactor: nil)
        register.put(login)
        log.append(.loginChanged(login))
    }

    mutating func set(_ order: SetSecondFactor) throws(Rejection) {
        guard let place = register.loginPlacesByAccount[order.account] else { throw .unknownAccount }
        if let secret = order.secret {
            guard (1...Limits.textLength).contains(secret.count) else { throw .invalid(.secondFactor) }
        }
        var login = register.logins[place]
        login.secondFactor = order.secret
        register.put(login)
        log.append(.loginChanged(login))
    }

    mutating func set(_ order: SetPassword) throws(Rejection) {
        guard let place = register.loginPlacesByAccount[order.account] else { throw .unknownAccount }
        guard Self.isText(order.passwordHash) else { throw .invalid(.password) }
        var login = register.logins[place]
        login.passwordHash = order.passwordHash
        register.put(login)
        log.append(.loginChanged(login))
    }

    mutating func change(_ order: ChangeAPIKey) throws(Rejection) {
        guard let place = register.apiKeyPlaces[order.key], register.apiKeys[place].account == order.account
        else { throw .unknownAPIKey }
        let known = register.apiKeys[place]
        var key = known
        key.name = order.name ?? known.name
        key.permissions = order.permissions ?? known.permissions
        key.ipRestrictions = order.ipRestrictions ?? known.ipRestrictions
        key.expiresAt = order.expiresAt == .zero ? nil : order.expiresAt ?? known.expiresAt
        key.credential = order.credential ?? known.credential
        try check(key)
        if let expiry = order.expiresAt, expiry != .zero { guard expiry > now else { throw .invalid(.expiresAt) } }
        register.remove(digest: known.digest)
        register.add(digest: key.digest)
        register.apiKeys[place] = key
        log.append(.apiKeyChanged(key))
    }

    /// By account.
    public var logins: [Login] { register.logins }
}

extension Register {
    /// A login that is new, changed, or read from a snapshot.
    mutating func put(_ login: Login) {
        add(digest: login.digest)
        if let place = loginPlaces[login.email] {
            remove(digest: logins[place].digest)
            logins[place] = login
        } else {
            loginPlaces[login.email] = logins.count
            loginPlacesByAccount[login.account] = logins.count
            logins.append(login)
        }
    }
}

extension Login {
    var digest: UInt64 {
        var part = PartDigest(kind: 35)
        part.add(UInt64(account.raw))
        part.add(email)
        part.add(passwordHash)
        part.add(secondFactor.map { UInt64($0.count) + 1 } ?? 0)
        if let secondFactor { part.add(secondFactor) }
        return part.value
    }
}
