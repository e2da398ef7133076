import SyncronCore
import Testing

@testable import SyncronJournal

@Suite("Messages as bytes")
struct CodingTests {
    static func bytes<T: Coded>(_ value: T) -> [UInt8] {
        var writer = ByteWriter()
        writer.encode(value)
        return writer.array()
    }

    static func decoded<T: Coded>(_ bytes: [UInt8], as type: T.Type) throws -> T {
        try bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            let value = try reader.decode(T.self)
            guard reader.isAtEnd else { throw CodingFailure("bytes left over") }
            return value
        }
    }

    private static let commandSamples =
        Samples.commands + FundsSamples.commands + FundsSamples.newerCommands + MarginSamples.commands
        + FuturesSamples.commands
    private static let eventSamples =
        Samples.events + FundsSamples.events + MarginSamples.events + FuturesSamples.events
    private static let rejectionSamples =
        Samples.rejections + FundsSamples.rejections + MarginSamples.rejections
        + FuturesSamples.rejections

    @Test("every case of a command has a sample")
    func commandsAreComplete() {
        #expect(
            Set(Self.commandSamples.map { caseNumber($0) })
                == Set(0..<21).union(100..<111).union(200..<204).union(300..<305))
    }

    @Test("every case of an event and of a rejection has a sample")
    func eventsAreComplete() {
        #expect(
            Set(Self.eventSamples.map { caseNumber($0) })
                == Set(0..<25).union(100..<106).union(200..<208).union(300..<309))
        #expect(
            Set(Self.rejectionSamples.map { caseNumber($0) })
                == Set(0..<15).union(100..<104).union(200..<202).union(300..<301))
    }

    @Test("a command is read as it was written")
    func commands() throws {
        for command in Self.commandSamples {
            #expect(try Self.decoded(Self.bytes(command), as: Command.self) == command)
        }
    }

    @Test("an event is read as it was written")
    func events() throws {
        for event in Self.eventSamples {
            #expect(try Self.decoded(Self.bytes(event), as: Event.self) == event)
        }
    }

    @Test("a stamp and a chain hash are read as they were written")
    func roundTripOfRest() throws {
        let stamp = Stamp(sequence: Sequence(5), time: milliseconds(6))
        #expect(try Self.decoded(Self.bytes(stamp), as: Stamp.self) == stamp)
        let hash = [1, 2, 3].withUnsafeBytes { ChainHash(of: $0) }
        #expect(try Self.decoded(Self.bytes(hash), as: ChainHash.self) == hash)
    }

    @Test("no message that lacks bytes is accepted")
    func truncated() {
        for bytes in Self.commandSamples.map({ Self.bytes($0) }) {
            for length in 0..<bytes.count {
                #expect(throws: CodingFailure.self) { try Self.decoded(Array(bytes[..<length]), as: Command.self) }
            }
        }
        for bytes in Self.eventSamples.map({ Self.bytes($0) }) {
            for length in 0..<bytes.count {
                #expect(throws: CodingFailure.self) { try Self.decoded(Array(bytes[..<length]), as: Event.self) }
            }
        }
    }

    @Test("values that no message has are refused")
    func malformed() {
        #expect(throws: CodingFailure.self) { try Self.decoded([0], as: Command.self) }
        #expect(throws: CodingFailure.self) { try Self.decoded([17], as: Command.self) }
        #expect(throws: CodingFailure.self) { try Self.decoded([0], as: Event.self) }
        #expect(throws: CodingFailure.self) { try Self.decoded([23], as: Event.self) }
        #expect(throws: CodingFailure.self) { try Self.decoded([2], as: Side.self) }
        #expect(throws: CodingFailure.self) { try Self.decoded([2], as: Bool.self) }
        #expect(throws: CodingFailure.self) { try Self.decoded([16], as: Permissions.self) }
        #expect(throws: CodingFailure.self) {
            try Self.decoded([37] + [UInt8](repeating: 65, count: 37), as: ClientOrderID.self)
        }
        #expect(throws: CodingFailure.self) { try Self.decoded([1, 0, 0, 0, 0xFF], as: String.self) }
        #expect(throws: CodingFailure.self) { try Self.decoded([0xFF, 0xFF, 0xFF, 0xFF, 1], as: [String].self) }
    }

    @Test("the bytes of a message are those of earlier versions")
    func bytesAreStable() {
        let commands = Samples.commands.flatMap { Self.bytes($0) }
        let events = Samples.events.flatMap { Self.bytes($0) }
        #expect(
            commands.withUnsafeBytes { ChainHash(of: $0) }.description
                == "6ef27a73134b28c09c349351f69728d2150bd1e80c58c35807390ff7c69f4e03")
        #expect(
            events.withUnsafeBytes { ChainHash(of: $0) }.description
                == "1f70f673ada6c5cf5dc1f406b18df89141cba89f7770d8303c48fb734afeec24")
    }

    @Test("the bytes of a message about funds are those of earlier versions")
    func bytesAboutFundsAreStable() {
        let bytes = FundsSamples.commands.flatMap { Self.bytes($0) } + FundsSamples.events.flatMap { Self.bytes($0) }
        #expect(
            bytes.withUnsafeBytes { ChainHash(of: $0) }.description
                == "3712b4ea547a1720f75d97530994524d069afceab6f47d9cb9f9dda0fbb0b744")
        #expect(FundsSamples.newerCommands.map { Self.bytes($0) } == [[42, 9, 0, 0, 0, 6, 0, 0, 0] + "scrypt".utf8])
    }

    @Test("the bytes of a message about margin are those of earlier versions")
    func bytesAboutMarginAreStable() {
        let bytes = MarginSamples.commands.flatMap { Self.bytes($0) } + MarginSamples.events.flatMap { Self.bytes($0) }
        #expect(
            bytes.withUnsafeBytes { ChainHash(of: $0) }.description
                == "0d737f47950109a9018c799356e5e45c2824f871c611b49e2581ba3a025b9ebf")
    }

    @Test("the bytes of a message about futures are those of earlier versions")
    func bytesAboutFuturesAreStable() {
        let bytes =
            FuturesSamples.commands.flatMap { Self.bytes($0) } + FuturesSamples.events.flatMap { Self.bytes($0) }
        #expect(
            bytes.withUnsafeBytes { ChainHash(of: $0) }.description
                == "f2a52c8ef9864edd45a7ea345c6b5025ed1ecfa12be9d9aa53c7c390c77b3e76")
    }

    @Test("an order takes few bytes")
    func compact() {
        #expect(Self.bytes(Command.placeOrder(Samples.limit)).count == 65)
        #expect(Self.bytes(Samples.clientID).count == 37)
    }

    @Test("the raw values of enums are those of earlier versions")
    func rawValuesAreStable() {
        #expect([Side.buy, .sell].map(\.rawValue) == [0, 1])
        #expect([Wallet.spot, .margin, .futures].map(\.rawValue) == [0, 1, 2])
        #expect([OrderType.limit, .market, .limitMaker].map(\.rawValue) == [0, 1, 2])
        #expect([TimeInForce.gtc, .ioc, .fok].map(\.rawValue) == [0, 1, 2])
        #expect([SelfTradePrevention.none, .expireTaker, .expireMaker, .expireBoth].map(\.rawValue) == [0, 1, 2, 3])
        #expect(
            [OrderStatus.new, .partiallyFilled, .filled, .canceled, .expired, .expiredInMatch].map(\.rawValue)
                == [0, 1, 2, 3, 4, 5])
        #expect([MarketStatus.trading, .halt, .cancelOnly, .break].map(\.rawValue) == [0, 1, 2, 3])
        #expect([MarketKind.spot, .perpetual].map(\.rawValue) == [0, 1])
        #expect([AccountLevel.standard, .silver, .gold, .platinum, .vip].map(\.rawValue) == [0, 1, 2, 3, 4])
        #expect([DepositStatus.pending, .success, .failed].map(\.rawValue) == [0, 1, 2])
        #expect([Liquidity.maker, .taker].map(\.rawValue) == [0, 1])
        #expect(
            [Rejection.Parameter.price, .email, .key, .asset, .symbol, .amount, .status].map(\.rawValue)
                == [0, 4, 10, 16, 21, 37, 39])
        #expect([Rejection.Parameter.address, .to].map(\.rawValue) == [64, 68])
        #expect([Rejection.Margin.amountNotPositive, .withdrawalNotPermitted].map(\.rawValue) == [0, 2])
        #expect([WithdrawalStatus.pending, .success, .failed].map(\.rawValue) == [0, 1, 2])
        #expect([Rejection.Filter.priceFilter, .notional].map(\.rawValue) == [0, 3])
        #expect([Rejection.RiskFilter.percentPriceBySide, .exchangeLimit].map(\.rawValue) == [0, 4])
    }
}
