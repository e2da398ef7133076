extension Genesis: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(hasSandbox)
        writer.encode(rules)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(hasSandbox: try reader.decode(), rules: try reader.decode())
    }
}

extension PlaceOrder: CompactCoded {
    static let longest = 9 + OrderTerms.longest + ClientOrderID.longest

    @inline(__always)
    func put(at cursor: inout ByteCursor) {
        cursor.put(account.raw)
        cursor.put(market.raw)
        cursor.put(wallet)
        cursor.put(side)
        terms.put(at: &cursor)
        cursor.put(selfTradePrevention)
        clientOrderID.put(at: &cursor)
    }

    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), wallet: try reader.decode(),
            side: try reader.decode(), terms: try reader.decode(), selfTradePrevention: try reader.decode(),
            clientOrderID: try reader.decode())
    }
}

extension CancelOrder: CompactCoded {
    static let longest = 7 + OrderReference.longest

    @inline(__always)
    func put(at cursor: inout ByteCursor) {
        cursor.put(account.raw)
        cursor.put(market.raw)
        cursor.put(wallet)
        order.put(at: &cursor)
    }

    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), wallet: try reader.decode(),
            order: try reader.decode())
    }
}

extension OpenAccount: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(email)
        writer.encode(level)
        writer.encode(commissionTier)
        writer.encode(isSandbox)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            email: try reader.decode(), level: try reader.decode(), commissionTier: try reader.decode(),
            isSandbox: try reader.decode())
    }
}

extension ChangeAccount: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(level)
        writer.encode(requestsPerMinute)
        writer.encode(ordersPerSecond)
        writer.encode(commissionTier)
        writer.encode(marginLeverage)
        writer.encode(canTrade)
        writer.encode(canWithdraw)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), level: try reader.decode(), requestsPerMinute: try reader.decode(),
            ordersPerSecond: try reader.decode(), commissionTier: try reader.decode(),
            marginLeverage: try reader.decode(), canTrade: try reader.decode(), canWithdraw: try reader.decode())
    }
}

extension DeleteAPIKey: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(key)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), key: try reader.decode())
    }
}

extension OpenListenKey: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(key)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), key: try reader.decode())
    }
}

extension KeepListenKey: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(key)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), key: try reader.decode())
    }
}

extension RecordDeposit: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(asset)
        writer.encode(network)
        writer.encode(amount)
        writer.encode(txID)
        writer.encode(status)
        writer.encode(confirmations)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), asset: try reader.decode(), network: try reader.decode(),
            amount: try reader.decode(), txID: try reader.decode(), status: try reader.decode(),
            confirmations: try reader.decode())
    }
}

extension SetMarketStatus: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(market)
        writer.encode(status)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(market: try reader.decode(), status: try reader.decode())
    }
}
