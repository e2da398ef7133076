extension OrderFill: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(order)
        writer.encode(trade)
        writer.encode(price)
        writer.encode(quantity)
        writer.encode(notional)
        writer.encode(commission)
        writer.encode(commissionAsset)
        writer.encode(liquidity)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            order: try reader.decode(), trade: try reader.decode(), price: try reader.decode(),
            quantity: try reader.decode(), notional: try reader.decode(), commission: try reader.decode(),
            commissionAsset: try reader.decode(), liquidity: try reader.decode())
    }
}

extension OrderEnd: Coded {
    public func encode(into writer: inout ByteWriter) { writer.encode(order) }
    public init(from reader: inout ByteReader) throws(CodingFailure) { self.init(order: try reader.decode()) }
}

extension Trade: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(market)
        writer.encode(id)
        writer.encode(price)
        writer.encode(quantity)
        writer.encode(notional)
        writer.encode(takerSide)
        writer.encode(makerOrder)
        writer.encode(takerOrder)
        writer.encode(makerAccount)
        writer.encode(takerAccount)
        writer.encode(makerWallet)
        writer.encode(takerWallet)
        writer.encode(makerCommission)
        writer.encode(takerCommission)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            market: try reader.decode(), id: try reader.decode(), price: try reader.decode(),
            quantity: try reader.decode(), notional: try reader.decode(), takerSide: try reader.decode(),
            makerOrder: try reader.decode(), takerOrder: try reader.decode(),
            makerAccount: try reader.decode(), takerAccount: try reader.decode(),
            makerWallet: try reader.decode(), takerWallet: try reader.decode(),
            makerCommission: try reader.decode(), takerCommission: try reader.decode(),
            time: try reader.decode())
    }
}

extension LevelChange: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(market)
        writer.encode(side)
        writer.encode(price)
        writer.encode(quantity)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            market: try reader.decode(), side: try reader.decode(), price: try reader.decode(),
            quantity: try reader.decode())
    }
}

extension BalanceChange: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(wallet)
        writer.encode(asset)
        writer.encode(free)
        writer.encode(held)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), wallet: try reader.decode(), asset: try reader.decode(),
            free: try reader.decode(), held: try reader.decode())
    }
}

extension DepositRecord: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(deposit)
        writer.encode(credited)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(deposit: try reader.decode(), credited: try reader.decode())
    }
}
