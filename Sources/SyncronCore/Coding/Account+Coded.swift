extension AccountLevel: Coded {}
extension DepositStatus: Coded {}

extension Account: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(email)
        writer.encode(level)
        writer.encode(commissionTier)
        writer.encode(requestsPerMinute)
        writer.encode(ordersPerSecond)
        writer.encode(marginLeverage)
        writer.encode(canTrade)
        writer.encode(canWithdraw)
        writer.encode(isSandbox)
        writer.encode(createdAt)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), email: try reader.decode(), level: try reader.decode(),
            commissionTier: try reader.decode(), requestsPerMinute: try reader.decode(),
            ordersPerSecond: try reader.decode(), marginLeverage: try reader.decode(),
            canTrade: try reader.decode(), canWithdraw: try reader.decode(), isSandbox: try reader.decode(),
            createdAt: try reader.decode())
    }
}

extension Permissions: Coded {
    public func encode(into writer: inout ByteWriter) { writer.append(rawValue) }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        let raw = try reader.read(UInt8.self)
        guard Permissions.all.isSuperset(of: Permissions(rawValue: raw)) else {
            throw CodingFailure("\(raw) for permissions")
        }
        self.init(rawValue: raw)
    }
}

extension Credential: Coded {
    private enum Tag: UInt8, Coded {
        case sealedSecret = 1
        case ed25519 = 2
    }

    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .sealedSecret(let bytes):
            writer.encode(Tag.sealedSecret)
            writer.encode(bytes)
        case .ed25519(let bytes):
            writer.encode(Tag.ed25519)
            writer.encode(bytes)
        }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.decode(Tag.self) {
        case .sealedSecret: self = .sealedSecret(try reader.decode())
        case .ed25519: self = .ed25519(try reader.decode())
        }
    }
}

extension APIKey: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(key)
        writer.encode(account)
        writer.encode(name)
        writer.encode(permissions)
        writer.encode(ipRestrictions)
        writer.encode(expiresAt)
        writer.encode(credential)
        writer.encode(createdAt)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            key: try reader.decode(), account: try reader.decode(), name: try reader.decode(),
            permissions: try reader.decode(), ipRestrictions: try reader.decode(), expiresAt: try reader.decode(),
            credential: try reader.decode(), createdAt: try reader.decode())
    }
}

extension ListenKey: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(key)
        writer.encode(account)
        writer.encode(expiresAt)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(key: try reader.decode(), account: try reader.decode(), expiresAt: try reader.decode())
    }
}

extension Deposit: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(account)
        writer.encode(asset)
        writer.encode(network)
        writer.encode(amount)
        writer.encode(address)
        writer.encode(txID)
        writer.encode(status)
        writer.encode(confirmations)
        writer.encode(insertedAt)
        writer.encode(completedAt)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), account: try reader.decode(), asset: try reader.decode(),
            network: try reader.decode(), amount: try reader.decode(), address: try reader.decode(),
            txID: try reader.decode(), status: try reader.decode(), confirmations: try reader.decode(),
            insertedAt: try reader.decode(), completedAt: try reader.decode())
    }
}
