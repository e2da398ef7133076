extension Command: Coded {
    /// The first byte of every command. A number once given is never given again, and none is zero.
    private enum Tag: UInt8, Coded {
        case begin = 1
        case placeOrder = 2
        case cancelOrder = 3
        case openAccount = 4
        case changeAccount = 5
        case createAPIKey = 6
        case deleteAPIKey = 7
        case openListenKey = 8
        case keepListenKey = 9
        case closeListenKey = 10
        case recordDeposit = 11
        case defineAsset = 12
        case defineMarket = 13
        case setMarketStatus = 14
        case tick = 15
        case checkpoint = 16
        case placeOrderWithOptions = 17
        case placeOrderList = 18
        case amendOrder = 19
        case cancelAllOrders = 20
        case setCancelCountdown = 21
        case requestWithdrawal = 32
        case cancelWithdrawal = 33
        case settleWithdrawal = 34
        case failWithdrawal = 35
        case assignDepositAddress = 36
        case transfer = 37
        case fundLending = 38
        case changeAPIKey = 39
        case registerLogin = 40
        case setSecondFactor = 41
        case setPassword = 42
        case fundInsurance = 64
        case borrow = 65
        case repay = 66
        case setIndexPrices = 67
        case placeFuturesOrder = 96
        case setLeverage = 97
        case setMarginType = 98
        case setPositionMode = 99
        case adjustPositionMargin = 100
    }

    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .begin(let it): Self.encode(.begin, it, into: &writer)
        case .placeOrder(let it): Self.encode(.placeOrder, it, into: &writer)
        case .cancelOrder(let it): Self.encode(.cancelOrder, it, into: &writer)
        case .placeOrderWithOptions(let it): Self.encode(.placeOrderWithOptions, it, into: &writer)
        case .placeOrderList(let it): Self.encode(.placeOrderList, it, into: &writer)
        case .amendOrder(let it): Self.encode(.amendOrder, it, into: &writer)
        case .cancelAllOrders(let it): Self.encode(.cancelAllOrders, it, into: &writer)
        case .setCancelCountdown(let it): Self.encode(.setCancelCountdown, it, into: &writer)
        case .openAccount(let it): Self.encode(.openAccount, it, into: &writer)
        case .changeAccount(let it): Self.encode(.changeAccount, it, into: &writer)
        case .createAPIKey(let it): Self.encode(.createAPIKey, it, into: &writer)
        case .deleteAPIKey(let it): Self.encode(.deleteAPIKey, it, into: &writer)
        case .openListenKey(let it): Self.encode(.openListenKey, it, into: &writer)
        case .keepListenKey(let it): Self.encode(.keepListenKey, it, into: &writer)
        case .closeListenKey(let it): Self.encode(.closeListenKey, it, into: &writer)
        case .recordDeposit(let it): Self.encode(.recordDeposit, it, into: &writer)
        case .requestWithdrawal(let it): Self.encode(.requestWithdrawal, it, into: &writer)
        case .cancelWithdrawal(let it): Self.encode(.cancelWithdrawal, it, into: &writer)
        case .settleWithdrawal(let it): Self.encode(.settleWithdrawal, it, into: &writer)
        case .failWithdrawal(let it): Self.encode(.failWithdrawal, it, into: &writer)
        case .assignDepositAddress(let it): Self.encode(.assignDepositAddress, it, into: &writer)
        case .transfer(let it): Self.encode(.transfer, it, into: &writer)
        case .fundLending(let it): Self.encode(.fundLending, it, into: &writer)
        case .fundInsurance(let it): Self.encode(.fundInsurance, it, into: &writer)
        case .borrow(let it): Self.encode(.borrow, it, into: &writer)
        case .repay(let it): Self.encode(.repay, it, into: &writer)
        case .setIndexPrices(let it): Self.encode(.setIndexPrices, it, into: &writer)
        case .placeFuturesOrder(let it): Self.encode(.placeFuturesOrder, it, into: &writer)
        case .setLeverage(let it): Self.encode(.setLeverage, it, into: &writer)
        case .setMarginType(let it): Self.encode(.setMarginType, it, into: &writer)
        case .setPositionMode(let it): Self.encode(.setPositionMode, it, into: &writer)
        case .adjustPositionMargin(let it): Self.encode(.adjustPositionMargin, it, into: &writer)
        case .changeAPIKey(let it): Self.encode(.changeAPIKey, it, into: &writer)
        case .registerLogin(let it): Self.encode(.registerLogin, it, into: &writer)
        case .setSecondFactor(let it): Self.encode(.setSecondFactor, it, into: &writer)
        case .setPassword(let it): Self.encode(.setPassword, it, into: &writer)
        case .defineAsset(let it): Self.encode(.defineAsset, it, into: &writer)
        case .defineMarket(let it): Self.encode(.defineMarket, it, into: &writer)
        case .setMarketStatus(let it): Self.encode(.setMarketStatus, it, into: &writer)
        case .tick: writer.encode(Tag.tick)
        case .checkpoint(let it): Self.encode(.checkpoint, it, into: &writer)
        }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.decode(Tag.self) {
        case .begin: self = .begin(try reader.decode())
        case .placeOrder: self = .placeOrder(try reader.decode())
        case .cancelOrder: self = .cancelOrder(try reader.decode())
        case .placeOrderWithOptions: self = .placeOrderWithOptions(try reader.decode())
        case .placeOrderList: self = .placeOrderList(try reader.decode())
        case .amendOrder: self = .amendOrder(try reader.decode())
        case .cancelAllOrders: self = .cancelAllOrders(try reader.decode())
        case .setCancelCountdown: self = .setCancelCountdown(try reader.decode())
        case .openAccount: self = .openAccount(try reader.decode())
        case .changeAccount: self = .changeAccount(try reader.decode())
        case .createAPIKey: self = .createAPIKey(try reader.decode())
        case .deleteAPIKey: self = .deleteAPIKey(try reader.decode())
        case .openListenKey: self = .openListenKey(try reader.decode())
        case .keepListenKey: self = .keepListenKey(try reader.decode())
        case .closeListenKey: self = .closeListenKey(try reader.decode())
        case .recordDeposit: self = .recordDeposit(try reader.decode())
        case .requestWithdrawal: self = .requestWithdrawal(try reader.decode())
        case .cancelWithdrawal: self = .cancelWithdrawal(try reader.decode())
        case .settleWithdrawal: self = .settleWithdrawal(try reader.decode())
        case .failWithdrawal: self = .failWithdrawal(try reader.decode())
        case .assignDepositAddress: self = .assignDepositAddress(try reader.decode())
        case .transfer: self = .transfer(try reader.decode())
        case .fundLending: self = .fundLending(try reader.decode())
        case .fundInsurance: self = .fundInsurance(try reader.decode())
        case .borrow: self = .borrow(try reader.decode())
        case .repay: self = .repay(try reader.decode())
        case .setIndexPrices: self = .setIndexPrices(try reader.decode())
        case .placeFuturesOrder: self = .placeFuturesOrder(try reader.decode())
        case .setLeverage: self = .setLeverage(try reader.decode())
        case .setMarginType: self = .setMarginType(try reader.decode())
        case .setPositionMode: self = .setPositionMode(try reader.decode())
        case .adjustPositionMargin: self = .adjustPositionMargin(try reader.decode())
        case .changeAPIKey: self = .changeAPIKey(try reader.decode())
        case .registerLogin: self = .registerLogin(try reader.decode())
        case .setSecondFactor: self = .setSecondFactor(try reader.decode())
        case .setPassword: self = .setPassword(try reader.decode())
        case .defineAsset: self = .defineAsset(try reader.decode())
        case .defineMarket: self = .defineMarket(try reader.decode())
        case .setMarketStatus: self = .setMarketStatus(try reader.decode())
        case .tick: self = .tick
        case .checkpoint: self = .checkpoint(try reader.decode())
        }
    }

    @inline(__always)
    private static func encode<Payload: Coded>(_ tag: Tag, _ payload: Payload, into writer: inout ByteWriter) {
        writer.append(tag.rawValue)
        payload.encode(into: &writer)
    }
}
