extension Side: Coded {}
extension Wallet: Coded {}
extension OrderType: Coded {}
extension TimeInForce: Coded {}
extension SelfTradePrevention: Coded {}
extension OrderStatus: Coded {}
extension Liquidity: Coded {}
extension Trigger.Kind: Coded {}

extension OrderTerms: CompactCoded {
    private enum Tag: UInt8, Coded {
        case limit = 1
        case limitMaker = 2
        case market = 3
        case marketByQuote = 4
    }

    static let longest = 18

    @inline(__always)
    func put(at cursor: inout ByteCursor) {
        switch self {
        case .limit(let price, let quantity, let timeInForce):
            cursor.put(Tag.limit)
            cursor.put(price.raw)
            cursor.put(quantity.raw)
            cursor.put(timeInForce)
        case .limitMaker(let price, let quantity):
            cursor.put(Tag.limitMaker)
            cursor.put(price.raw)
            cursor.put(quantity.raw)
        case .market(let quantity):
            cursor.put(Tag.market)
            cursor.put(quantity.raw)
        case .marketByQuote(let quote):
            cursor.put(Tag.marketByQuote)
            cursor.put(quote.raw)
        }
    }

    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.decode(Tag.self) {
        case .limit:
            self = .limit(
                price: try reader.decode(), quantity: try reader.decode(), timeInForce: try reader.decode())
        case .limitMaker: self = .limitMaker(price: try reader.decode(), quantity: try reader.decode())
        case .market: self = .market(quantity: try reader.decode())
        case .marketByQuote: self = .marketByQuote(quote: try reader.decode())
        }
    }
}

extension OrderReference: CompactCoded {
    private enum Tag: UInt8, Coded {
        case id = 1
        case clientID = 2
    }

    static let longest = 1 + ClientOrderID.longest

    @inline(__always)
    func put(at cursor: inout ByteCursor) {
        switch self {
        case .id(let id):
            cursor.put(Tag.id)
            cursor.put(id.raw)
        case .clientID(let id):
            cursor.put(Tag.clientID)
            id.put(at: &cursor)
        }
    }

    @inline(__always)
    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.decode(Tag.self) {
        case .id: self = .id(try reader.decode())
        case .clientID: self = .clientID(try reader.decode())
        }
    }
}

extension OrderState: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(account)
        writer.encode(market)
        writer.encode(wallet)
        writer.encode(side)
        writer.encode(type)
        writer.encode(timeInForce)
        writer.encode(selfTradePrevention)
        writer.encode(status)
        writer.encode(price)
        writer.encode(quantity)
        writer.encode(executed)
        writer.encode(executedNotional)
        writer.append(particulars)
        writer.encode(clientOrderID)
        writer.encode(createdAt)
        writer.encode(updatedAt)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), account: try reader.decode(), market: try reader.decode(),
            wallet: try reader.decode(), side: try reader.decode(), type: try reader.decode(),
            timeInForce: try reader.decode(), selfTradePrevention: try reader.decode(),
            status: try reader.decode(), price: try reader.decode(), quantity: try reader.decode(),
            executed: try reader.decode(), executedNotional: try reader.decode(),
            particulars: try reader.read(), clientOrderID: try reader.decode(),
            createdAt: try reader.decode(), updatedAt: try reader.decode())
    }
}

extension Trigger: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(kind)
        writer.encode(stopPrice)
        writer.encode(trailingDelta)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(try reader.decode(), at: try reader.decode(), trailingDelta: try reader.decode())
    }
}

extension OrderOptions: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(trigger)
        writer.encode(icebergQuantity)
        writer.encode(lifetime)
        writer.encode(sideEffect)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            trigger: try reader.decode(), icebergQuantity: try reader.decode(), lifetime: try reader.decode(),
            sideEffect: try reader.decode())
    }
}
