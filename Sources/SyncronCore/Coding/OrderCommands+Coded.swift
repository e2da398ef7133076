extension OrderWithOptions: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(order)
        writer.encode(options)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(try reader.decode(), try reader.decode())
    }
}

extension PlaceOrderList: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(wallet)
        writer.encode(side)
        writer.encode(quantity)
        writer.encode(limitPrice)
        writer.encode(stopPrice)
        writer.encode(stopLimit)
        writer.encode(selfTradePrevention)
        writer.encode(limitClientOrderID)
        writer.encode(stopClientOrderID)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), wallet: try reader.decode(),
            side: try reader.decode(), quantity: try reader.decode(), limitPrice: try reader.decode(),
            stopPrice: try reader.decode(), stopLimit: try reader.decode(), selfTradePrevention: try reader.decode(),
            limitClientOrderID: try reader.decode(), stopClientOrderID: try reader.decode())
    }
}

extension PlaceOrderList.StopLimit: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(price)
        writer.encode(timeInForce)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(price: try reader.decode(), timeInForce: try reader.decode())
    }
}

extension AmendOrder: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(wallet)
        writer.encode(order)
        writer.encode(price)
        writer.encode(quantity)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), wallet: try reader.decode(),
            order: try reader.decode(), price: try reader.decode(), quantity: try reader.decode())
    }
}

extension CancelAllOrders: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(wallet)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), market: try reader.decode(), wallet: try reader.decode())
    }
}

extension SetCancelCountdown: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(wallet)
        writer.encode(countdown)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), wallet: try reader.decode(),
            countdown: try reader.decode())
    }
}

extension CancelCountdown: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(market)
        writer.encode(wallet)
        writer.encode(at)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), market: try reader.decode(), wallet: try reader.decode(),
            at: try reader.decode())
    }
}
