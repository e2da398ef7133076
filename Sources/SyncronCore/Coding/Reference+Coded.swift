extension MarketKind: Coded {}
extension MarketStatus: Coded {}

extension Network: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(name)
        writer.encode(withdrawalFee)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(name: try reader.decode(), withdrawalFee: try reader.decode())
    }
}

extension Asset: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(name)
        writer.encode(decimals)
        writer.encode(networks)
        writer.encode(margin)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), name: try reader.decode(), decimals: try reader.decode(),
            networks: try reader.decode(), margin: try reader.decode())
    }
}

extension PercentPrice: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(bidUp)
        writer.encode(bidDown)
        writer.encode(askUp)
        writer.encode(askDown)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            bidUp: try reader.decode(), bidDown: try reader.decode(), askUp: try reader.decode(),
            askDown: try reader.decode())
    }
}

extension Filters: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(minPrice)
        writer.encode(maxPrice)
        writer.encode(minQuantity)
        writer.encode(maxQuantity)
        writer.encode(minMarketQuantity)
        writer.encode(maxMarketQuantity)
        writer.encode(minNotional)
        writer.encode(maxNotional)
        writer.encode(percentPrice)
        writer.encode(maxIcebergParts)
        writer.encode(maxOrders)
        writer.encode(maxAlgoOrders)
        writer.encode(maxPosition)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            minPrice: try reader.decode(), maxPrice: try reader.decode(), minQuantity: try reader.decode(),
            maxQuantity: try reader.decode(), minMarketQuantity: try reader.decode(),
            maxMarketQuantity: try reader.decode(), minNotional: try reader.decode(),
            maxNotional: try reader.decode(), percentPrice: try reader.decode(),
            maxIcebergParts: try reader.decode(), maxOrders: try reader.decode(),
            maxAlgoOrders: try reader.decode(), maxPosition: try reader.decode())
    }
}

extension CommissionRates: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(maker)
        writer.encode(taker)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(maker: try reader.decode(), taker: try reader.decode())
    }
}

extension Market: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(symbol)
        writer.encode(base)
        writer.encode(quote)
        writer.encode(kind)
        writer.encode(status)
        writer.encode(pricePrecision)
        writer.encode(quantityPrecision)
        writer.encode(tickSize)
        writer.encode(stepSize)
        writer.encode(filters)
        writer.encode(commissions)
        if kind == .perpetual { writer.encode(perpetual) }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), symbol: try reader.decode(), base: try reader.decode(),
            quote: try reader.decode(), kind: try reader.decode(), status: try reader.decode(),
            pricePrecision: try reader.decode(), quantityPrecision: try reader.decode(),
            tickSize: try reader.decode(), stepSize: try reader.decode(), filters: try reader.decode(),
            commissions: try reader.decode())
        if kind == .perpetual { perpetual = try reader.decode() }
    }
}
