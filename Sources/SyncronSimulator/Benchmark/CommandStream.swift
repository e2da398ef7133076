import SyncronCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A recorded stream of commands, as `EngineBenchmark` describes it.
struct CommandStream {
    private static let headerSize = 64
    private static let recordSize = 32

    private let bytes: [UInt8]
    let count: Int
    let preload: Int
    let markets: Int
    let trades: UInt64
    let quantity: UInt64
    let checksum: UInt64
    /// Orders that stand before the stream's first, and so how much higher its ids are.
    var idOffset: UInt64 = 0

    init(path: String) throws(EngineBenchmark.Failure) {
        guard let file = fopen(path, "rb") else { throw .unreadable(path) }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        bytes = [UInt8](unsafeUninitializedCapacity: max(size, 0)) { buffer, filled in
            filled = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        guard bytes.count >= Self.headerSize, Array(bytes[..<8]) == Array("OSTRM001".utf8)
        else { throw .notAStream(path) }
        count = Int(Self.word(bytes, 8))
        preload = Int(Self.word(bytes, 16))
        markets = Int(Self.word(bytes, 24) & 0xFFFF_FFFF)
        trades = Self.word(bytes, 40)
        quantity = Self.word(bytes, 48)
        checksum = Self.word(bytes, 56)
        guard bytes.count == Self.headerSize + count * Self.recordSize, preload <= count, markets >= 1
        else { throw .notAStream(path) }
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    }

    /// The exchange that the stream runs on.
    func setup(accounts: UInt32) -> [Command] {
        var commands: [Command] = [
            .begin(Genesis(hasSandbox: false)),
            .defineAsset(Asset(id: AssetID(0), name: "USDT", decimals: 8, networks: [])),
        ]
        for market in 0..<markets {
            let base = Asset(id: AssetID(0), name: "B\(market)", decimals: 8, networks: [])
            commands.append(.defineAsset(base))
            commands.append(.defineMarket(definition(market)))
        }
        for account in 1...accounts {
            commands.append(.openAccount(OpenAccount()))
            for asset in 0...markets {
                commands.append(
                    .recordDeposit(
                        RecordDeposit(
                            account: AccountID(account), asset: AssetID(UInt16(asset)), network: "N",
                            amount: Units(1 << 80), txID: "1")))
            }
        }
        return commands
    }

    /// Stops below every price and above, that never fire.
    func waiting(accounts: UInt32) -> [Command] {
        (0..<idOffset).map { index in
            let isBelow = index.isMultiple(of: 2)
            let stop = Trigger(.stopLoss, at: Ticks(Int64(isBelow ? 1 + index % 64 : 70_000 + index % 1_000)))
            let order = PlaceOrder(
                account: AccountID(UInt32(index % UInt64(accounts)) + 1), market: MarketID(0),
                side: isBelow ? .sell : .buy, terms: .market(quantity: Steps(1)))
            return .placeOrderWithOptions(OrderWithOptions(order, OrderOptions(trigger: stop)))
        }
    }

    private func definition(_ market: Int) -> Market {
        let most = Steps(1 << 40)
        return Market(
            id: MarketID(0), symbol: "B\(market)-USDT", base: AssetID(UInt16(market + 1)), quote: AssetID(0),
            kind: .spot, status: .trading, pricePrecision: 2, quantityPrecision: 5, tickSize: 1, stepSize: 1,
            filters: Filters(
                minPrice: Ticks(1), maxPrice: Ticks(1 << 40), minQuantity: Steps(1), maxQuantity: most,
                minMarketQuantity: Steps(1), maxMarketQuantity: most, minNotional: .zero, maxNotional: nil,
                percentPrice: nil, maxOrders: .max, maxAlgoOrders: .max),
            commissions: CommissionRates.standard(for: .spot))
    }

    /// The commands of the records in `range`, in place of what `commands` held.
    func build(_ range: Range<Int>, accounts: UInt32, into commands: inout [Command]) {
        commands.removeAll(keepingCapacity: true)
        for index in range {
            let offset = Self.headerSize + index * Self.recordSize
            let head = Self.word(bytes, offset)
            let id = Self.word(bytes, offset + 8)
            let price = Ticks(Int64(bitPattern: Self.word(bytes, offset + 16)))
            let market = MarketID(UInt16(truncatingIfNeeded: head >> 16))
            let account = AccountID(UInt32(id % UInt64(accounts)) + 1)
            if head & 0xFF == 1 {
                commands.append(
                    .cancelOrder(CancelOrder(account: account, market: market, order: .id(OrderID(id + idOffset)))))
            } else {
                commands.append(
                    .placeOrder(
                        PlaceOrder(
                            account: account, market: market, side: head >> 8 & 0xFF == 0 ? .buy : .sell,
                            terms: .limit(
                                price: price, quantity: Steps(Int64(head >> 32)),
                                timeInForce: head & 0xFF == 2 ? .ioc : .gtc),
                            selfTradePrevention: .none)))
            }
        }
    }
}
