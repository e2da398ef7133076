/// What one command did, in the order in which it happened.
///
/// The frequent events lie packed one behind the other, each with its own size, so that writing one costs its bytes
/// and no allocation; the rare ones, which have texts in them, lie beside them. Read as `Event` values.
public struct EventLog: ~Copyable {
    enum Tag: UInt64 {
        case accepted, filled, ended, traded, level, balance
        /// The next of `rare`.
        case rare
    }

    /// Payloads hold 128-bit integers.
    private static let alignment = 16
    private var base: UnsafeMutableRawPointer
    /// Where the next event goes, and where there is no more room.
    private var end: UnsafeMutableRawPointer
    private var limit: UnsafeMutableRawPointer
    private var rare: [Event] = []
    private var tradeCount = 0

    init(capacity: Int = 1 << 16) {
        base = .allocate(byteCount: capacity, alignment: Self.alignment)
        end = base
        limit = base + capacity
    }

    deinit { base.deallocate() }

    public var isEmpty: Bool { end == base }
    /// How much of it is written.
    var size: Int { end - base }

    @inline(__always)
    mutating func clear() {
        end = base
        tradeCount = 0
        if !rare.isEmpty { rare.removeAll(keepingCapacity: true) }
    }

    /// Makes room for an event, to be filled in before anything else is asked of the log. Events are written in
    /// place: the frequent ones are large, and a copy would cost as much as the rest of the command.
    @inline(__always)
    mutating func reserve<Payload: BitwiseCopyable>(_ tag: Tag, _: Payload.Type) -> UnsafeMutablePointer<Payload> {
        let size = Self.size(of: Payload.self)
        if limit - end < size { grow() }
        let place = end
        place.storeBytes(of: tag.rawValue, as: UInt64.self)
        end = place + size
        if tag == .traded { tradeCount &+= 1 }
        return (place + Self.alignment).assumingMemoryBound(to: Payload.self)
    }

    /// A record's header and payload, in whole alignments.
    @inline(__always)
    private static func size<Payload>(of: Payload.Type) -> Int {
        (alignment + MemoryLayout<Payload>.size + alignment - 1) & ~(alignment - 1)
    }

    @inline(never)
    private mutating func grow() {
        let (used, capacity) = (end - base, limit - base)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: Self.alignment)
        larger.copyMemory(from: base, byteCount: used)
        base.deallocate()
        base = larger
        end = larger + used
        limit = larger + capacity * 2
    }

    @inline(__always)
    mutating func append(level quantity: Steps, at price: Ticks, of side: Side, _ market: MarketID) {
        let event = reserve(.level, LevelChange.self)
        event.pointee.market = market
        event.pointee.side = side
        event.pointee.price = price
        event.pointee.quantity = quantity
    }

    /// For the events that are rare, whatever they are.
    mutating func append(_ event: Event) {
        rare.append(event)
        reserve(.rare, UInt64.self).pointee = UInt64(rare.count - 1)
    }

    /// Visits the events in order.
    @inlinable
    public borrowing func forEach(_ body: (Event) -> Void) {
        var cursor = 0
        while let event = next(&cursor) { body(event) }
    }

    /// The event at `cursor`, which is moved on to the next; nil at the end. A cursor starts at zero.
    public borrowing func next(_ cursor: inout Int) -> Event? {
        guard cursor < end - base else { return nil }
        let place = base + cursor
        guard let tag = Tag(rawValue: place.load(as: UInt64.self)) else { fatalError("an unknown event in the log") }
        let payload = place + Self.alignment
        switch tag {
        case .accepted:
            cursor += Self.size(of: OrderState.self)
            return .orderAccepted(payload.load(as: OrderState.self))
        case .filled:
            cursor += Self.size(of: OrderFill.self)
            return .orderFilled(payload.load(as: OrderFill.self))
        case .ended:
            cursor += Self.size(of: OrderEnd.self)
            return .orderEnded(payload.load(as: OrderEnd.self))
        case .traded:
            cursor += Self.size(of: Trade.self)
            return .traded(payload.load(as: Trade.self))
        case .level:
            cursor += Self.size(of: LevelChange.self)
            return .levelChanged(payload.load(as: LevelChange.self))
        case .balance:
            cursor += Self.size(of: BalanceChange.self)
            return .balanceChanged(payload.load(as: BalanceChange.self))
        case .rare:
            cursor += Self.size(of: UInt64.self)
            return rare[Int(payload.load(as: UInt64.self))]
        }
    }

    /// Visits the trades alone, in order.
    public borrowing func forEachTrade(_ body: (borrowing Trade) -> Void) {
        guard tradeCount > 0 else { return }
        var cursor = 0
        while cursor < end - base {
            let place = base + cursor
            guard let tag = Tag(rawValue: place.load(as: UInt64.self)) else {
                fatalError("an unknown event in the log")
            }
            switch tag {
            case .accepted: cursor += Self.size(of: OrderState.self)
            case .filled: cursor += Self.size(of: OrderFill.self)
            case .ended: cursor += Self.size(of: OrderEnd.self)
            case .traded:
                body((place + Self.alignment).assumingMemoryBound(to: Trade.self).pointee)
                cursor += Self.size(of: Trade.self)
            case .level: cursor += Self.size(of: LevelChange.self)
            case .balance: cursor += Self.size(of: BalanceChange.self)
            case .rare: cursor += Self.size(of: UInt64.self)
            }
        }
    }
}
