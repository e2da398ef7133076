import SyncronCore
import SyncronMarketData
import SyncronNode

/// How often a stream of the book is pushed.
enum PushPace: Sendable, Hashable {
    /// Every 100 ms.
    case fast
    /// Every 1,000 ms.
    case slow
}

/// What can be followed of one market.
enum MarketStream: Sendable, Hashable {
    case trade
    case bookTicker
    case ticker
    case kline(KlineInterval)
    /// The changes of the book.
    case depth(PushPace)
    /// The best 5, 10 or 20 levels of each side.
    case partialDepth(levels: Int, PushPace)
    /// Of perpetuals alone: the mark, and the orders of liquidations.
    case markPrice, forceOrder

    var isOfPerpetuals: Bool { self == .markPrice || self == .forceOrder }
}

/// What can be followed: the identity of a stream, whatever a client calls it.
enum StreamKey: Sendable, Hashable {
    case market(MarketID, MarketStream)
    /// The tickers of all markets that changed.
    case allTickers
    /// All events of one account.
    case user(AccountID)
}

/// A stream as a client names it: `btc-usdt@trade`, `BTCUSDT@depth5@100ms`, `!ticker@arr`.
///
/// The symbol is taken in any case, the rest as it is written here: `kline_1m` and `kline_1M` are two streams.
struct StreamName: Sendable, Hashable {
    enum Subject: Sendable, Hashable {
        case market(symbol: String, MarketStream)
        case allTickers
    }

    /// As the client wrote it: events on combined connections are labelled with it.
    let text: String
    let subject: Subject

    static let allTickersText = "!ticker@arr"
    private static let maximumLength = 64

    init(_ text: String) throws(StreamNameFailure) {
        self.text = text
        if text == Self.allTickersText {
            subject = .allTickers
            return
        }
        guard text.utf8.count <= Self.maximumLength, let at = text.utf8.firstIndex(of: UInt8(ascii: "@")) else {
            throw .malformed
        }
        let symbol = text[..<at]
        guard !symbol.isEmpty, symbol.utf8.allSatisfy(Self.isSymbolByte) else { throw .malformed }
        let stream = text[text.utf8.index(after: at)...]
        guard let stream = MarketStream(String(stream)) else { throw .unknownStream }
        subject = .market(symbol: String(symbol), stream)
    }

    /// The stream that is meant, if there is such a market.
    func key(in directory: Directory) throws(StreamNameFailure) -> StreamKey {
        switch subject {
        case .allTickers: return .allTickers
        case .market(let symbol, let stream):
            guard let market = directory.market(spelled: symbol) else { throw .unknownSymbol }
            guard !stream.isOfPerpetuals || market.kind == .perpetual else { throw .unknownStream }
            return .market(market.id, stream)
        }
    }

    private static func isSymbolByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// Why a name names no stream.
enum StreamNameFailure: Error, Sendable, Hashable {
    case malformed
    case unknownStream
    case unknownSymbol

    var reason: String {
        switch self {
        case .malformed: "not of the form symbol@stream"
        case .unknownStream: "there is no such stream"
        case .unknownSymbol: "there is no such symbol"
        }
    }
}

extension MarketStream {
    private static let klinePrefix = "kline_"

    /// The part of a stream's name after the first `@`. Nil when there is no such stream.
    init?(_ text: String) {
        if text.hasPrefix(Self.klinePrefix) {
            guard let interval = KlineInterval(String(text.dropFirst(Self.klinePrefix.count))) else { return nil }
            self = .kline(interval)
            return
        }
        switch text {
        case "trade": self = .trade
        case "bookTicker": self = .bookTicker
        case "ticker": self = .ticker
        case "markPrice": self = .markPrice
        case "forceOrder": self = .forceOrder
        default:
            guard let stream = Self.depthStream(text) else { return nil }
            self = stream
        }
    }

    private static func depthStream(_ text: String) -> MarketStream? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        let pace: PushPace
        switch parts.count == 2 ? parts[1] : "100ms" {
        case "100ms": pace = .fast
        case "1000ms": pace = .slow
        default: return nil
        }
        switch parts[0] {
        case "depth": return .depth(pace)
        case "depth5": return .partialDepth(levels: 5, pace)
        case "depth10": return .partialDepth(levels: 10, pace)
        case "depth20": return .partialDepth(levels: 20, pace)
        default: return nil
        }
    }

    /// The part of the canonical name after the first `@`; the usual pace goes without saying.
    var text: String {
        switch self {
        case .trade: "trade"
        case .bookTicker: "bookTicker"
        case .ticker: "ticker"
        case .markPrice: "markPrice"
        case .forceOrder: "forceOrder"
        case .kline(let interval): Self.klinePrefix + interval.text
        case .depth(let pace): "depth" + pace.suffix
        case .partialDepth(let levels, let pace): "depth\(levels)" + pace.suffix
        }
    }
}

extension PushPace {
    fileprivate var suffix: String {
        switch self {
        case .fast: ""
        case .slow: "@1000ms"
        }
    }
}

extension StreamKey {
    /// Whether who comes is sent how it stands, before anything changes.
    var beginsWithSnapshot: Bool {
        if case .market(_, .partialDepth) = self { true } else { false }
    }

    /// The canonical name: `btc-usdt@depth`. Nil for a user stream, which has none, and for an unknown market.
    func name(in directory: Directory) -> String? {
        switch self {
        case .allTickers: StreamName.allTickersText
        case .market(let id, let stream): directory.market(id).map { $0.symbol.lowercased() + "@" + stream.text }
        case .user: nil
        }
    }
}
