import SyncronCore

/// The public views of all markets: a fold over the exchange's events, and nothing else.
///
/// A plain value. Equal events give equal values, on every run and machine; who shares one between threads brings the
/// lock.
public struct MarketData: Equatable, Sendable {
    private var views: [MarketView] = []

    public init() {}

    public var marketCount: Int { views.count }

    /// Takes in one event. Events come in the order in which they happened.
    public mutating func apply(_ event: Event) {
        apply(MarketChange(event))
    }

    /// Takes in the events of one command. Faster than one by one, because no event is copied.
    public mutating func apply(_ events: Span<Event>) {
        for index in events.indices { apply(MarketChange(events[index])) }
    }

    @inline(__always)
    private mutating func apply(_ change: MarketChange) {
        switch change {
        case .none: break
        case .level(let change):
            addViews(through: change.market)
            views[Int(change.market.raw)].apply(change)
        case .trade(let trade, let market):
            addViews(through: market)
            views[Int(market.raw)].apply(trade)
        case .market(let market):
            addViews(through: market)
        }
    }

    /// Nil for a market that was never defined. A copy: `withMarket` spares it.
    public subscript(market: MarketID) -> MarketView? {
        let index = Int(market.raw)
        return index < views.count ? views[index] : nil
    }

    /// Nil for a market that was never defined.
    public func withMarket<R, E: Error>(
        _ market: MarketID, _ body: (borrowing MarketView) throws(E) -> R
    ) throws(E) -> R? {
        let index = Int(market.raw)
        guard index < views.count else { return nil }
        return try body(views[index])
    }

    @inline(__always)
    private mutating func addViews(through market: MarketID) {
        while views.count <= Int(market.raw) { views.append(MarketView()) }
    }
}

extension MarketData: Coded {
    /// Of the form below; another form is refused.
    private static let form: UInt32 = 1

    public func encode(into writer: inout ByteWriter) {
        writer.append(Self.form)
        writer.encode(views)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        let form = try reader.read(UInt32.self)
        guard form == Self.form else { throw CodingFailure("market data of form \(form)") }
        views = try reader.decode()
    }
}
