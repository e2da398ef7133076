extension PositionSide: Coded {}
extension MarginType: Coded {}
extension WorkingType: Coded {}
extension FuturesTrigger.Kind: Coded {}
extension Income.Kind: Coded {}

extension PerpetualTerms: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(brackets)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(brackets: try reader.decode())
    }
}

extension PlaceFuturesOrder: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(order)
        writer.encode(positionSide)
        writer.encode(reduceOnly)
        writer.encode(closePosition)
        writer.encode(trigger)
        writer.encode(lifetime)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            try reader.decode(), positionSide: try reader.decode(), reduceOnly: try reader.decode(),
            closePosition: try reader.decode(), trigger: try reader.decode(), lifetime: try reader.decode())
    }
}

extension SetLeverage: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(leverage)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), market: try reader.decode(), leverage: try reader.decode())
    }
}

extension SetMarginType: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(type)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), market: try reader.decode(), type: try reader.decode())
    }
}

extension SetPositionMode: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(isHedge)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), isHedge: try reader.decode())
    }
}

extension AdjustPositionMargin: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(side)
        writer.encode(amount)
        writer.encode(isAdded)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), side: try reader.decode(),
            amount: try reader.decode(), isAdded: try reader.decode())
    }
}

extension Position: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(side)
        writer.encode(marginType)
        writer.encode(leverage)
        writer.encode(quantity)
        writer.encode(cost)
        writer.encode(isolatedWallet)
        writer.encode(fees)
        writer.encode(profit)
        writer.encode(updatedAt)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), side: try reader.decode(),
            marginType: try reader.decode(), leverage: try reader.decode(), quantity: try reader.decode(),
            cost: try reader.decode(), isolatedWallet: try reader.decode(), fees: try reader.decode(),
            profit: try reader.decode(), updatedAt: try reader.decode())
    }
}

extension FillReference: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(trade)
        writer.encode(liquidity)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(try reader.decode(), try reader.decode())
    }
}

extension Income: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(account)
        writer.encode(market)
        writer.encode(kind)
        writer.encode(amount)
        writer.encode(fill)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), account: try reader.decode(), market: try reader.decode(),
            kind: try reader.decode(), amount: try reader.decode(), fill: try reader.decode(),
            time: try reader.decode())
    }
}

extension MarkPrice: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(market)
        writer.encode(mark)
        writer.encode(index)
        writer.encode(lastFundingRate)
        writer.encode(nextFunding)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            market: try reader.decode(), mark: try reader.decode(), index: try reader.decode(),
            lastFundingRate: try reader.decode(), nextFunding: try reader.decode(), time: try reader.decode())
    }
}

extension FundingRate: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(market)
        writer.encode(rate)
        writer.encode(mark)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            market: try reader.decode(), rate: try reader.decode(), mark: try reader.decode(), time: try reader.decode()
        )
    }
}

extension PerpetualTerms.Bracket: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(cap)
        writer.encode(maxLeverage)
        writer.encode(maintenance)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(cap: try reader.decode(), maxLeverage: try reader.decode(), maintenance: try reader.decode())
    }
}

extension FuturesTrigger: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(kind)
        writer.encode(price)
        writer.encode(callback)
        writer.encode(workingType)
        writer.encode(isProtected)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            try reader.decode(), at: try reader.decode(), callback: try reader.decode(),
            workingType: try reader.decode(), isProtected: try reader.decode())
    }
}

extension FuturesMarginCall: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(ratio)
        writer.encode(positions)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), ratio: try reader.decode(), positions: try reader.decode())
    }
}

extension Deleveraging: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(side)
        writer.encode(price)
        writer.encode(quantity)
        writer.encode(isBankrupt)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), side: try reader.decode(),
            price: try reader.decode(), quantity: try reader.decode(), isBankrupt: try reader.decode(),
            time: try reader.decode())
    }
}
