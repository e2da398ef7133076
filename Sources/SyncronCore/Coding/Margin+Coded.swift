extension SideEffect: Coded {}
extension Repayment.Cause: Coded {}
extension InterestCharge.Cause: Coded {}
extension MarginStatus: Coded {}

extension IndexPrice: Coded {
    public func encode(into writer: inout ByteWriter) { writer.append(raw) }
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.read()) }
}

extension MarginTerms: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(collateralRatio)
        writer.encode(dailyInterest)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(collateralRatio: try reader.decode(), dailyInterest: try reader.decode())
    }
}

extension IndexQuote: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(asset)
        writer.encode(price)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(asset: try reader.decode(), price: try reader.decode())
    }
}

extension BorrowFunds: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(asset)
        writer.encode(amount)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), asset: try reader.decode(), amount: try reader.decode())
    }
}

extension RepayFunds: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(asset)
        writer.encode(amount)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), asset: try reader.decode(), amount: try reader.decode())
    }
}

extension MarginOrderTerms: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(order)
        writer.encode(sideEffect)
        writer.encode(borrowed)
        writer.encode(borrowedAsset)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            order: try reader.decode(), sideEffect: try reader.decode(), borrowed: try reader.decode(),
            borrowedAsset: try reader.decode())
    }
}

extension Loan: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(account)
        writer.encode(asset)
        writer.encode(principal)
        writer.encode(order)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), account: try reader.decode(), asset: try reader.decode(),
            principal: try reader.decode(), order: try reader.decode(), time: try reader.decode())
    }
}

extension Repayment: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(account)
        writer.encode(asset)
        writer.encode(interest)
        writer.encode(principal)
        writer.encode(cause)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), account: try reader.decode(), asset: try reader.decode(),
            interest: try reader.decode(), principal: try reader.decode(), cause: try reader.decode(),
            time: try reader.decode())
    }
}

extension InterestCharge: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(asset)
        writer.encode(interest)
        writer.encode(principal)
        writer.encode(rate)
        writer.encode(cause)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), asset: try reader.decode(), interest: try reader.decode(),
            principal: try reader.decode(), rate: try reader.decode(), cause: try reader.decode(),
            time: try reader.decode())
    }
}

extension MarginStatusChange: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(status)
        writer.encode(level)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), status: try reader.decode(), level: try reader.decode())
    }
}

extension ForcedOrder: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(order)
        writer.encode(account)
        writer.encode(market)
        writer.encode(side)
        writer.encode(price)
        writer.encode(quantity)
        writer.encode(executed)
        writer.encode(executedNotional)
        writer.encode(fee)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            order: try reader.decode(), account: try reader.decode(), market: try reader.decode(),
            side: try reader.decode(), price: try reader.decode(), quantity: try reader.decode(),
            executed: try reader.decode(), executedNotional: try reader.decode(), fee: try reader.decode(),
            time: try reader.decode())
    }
}

extension SetIndexPrices: Coded {
    public func encode(into writer: inout ByteWriter) { writer.encode(quotes) }
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(try reader.decode()) }
}
