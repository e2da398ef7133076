/// What one command did, in the order in which it happened.
///
/// The frequent events lie packed one behind the other, each with its own size, so that writing one costs its bytes
/// and no allocation; the rare ones, which have texts in them, lie beside them. Read as `Event` values.
public struct EventLog: ~Copyable {
    private enum Tag: UInt64 {
        case accepted, filled, ended, traded, level, balance
        /// The next of `rare`.
        case rare
    }

    /// Payloads hold 128-bit integers.
    private static let alignment = 16
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var used = 0
    private var rare: [Event] = []
    public private(set) var count = 0

    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: Self.alignment)
    }

    deinit { base.deallocate() }

    public var isEmpty: Bool { count == 0 }

    mutating func clear() {
        used = 0
        count = 0
        if !rare.isEmpty { rare.removeAll(keepingCapacity: true) }
    }

    @inline(__always)
    private mutating func write<Payload: BitwiseCopyable>(_ tag: Tag, _ payload: Payload) {
        let size = Self.size(of: Payload.self)
        if used + size > capacity { grow() }
        let place = base + used
        place.storeBytes(of: tag.rawValue, as: UInt64.self)
        (place + Self.alignment).initializeMemory(as: Payload.self, to: payload)
        used += size
        count += 1
    }

    /// A record's header and payload, in whole alignments.
    @inline(__always)
    private static func size<Payload>(of: Payload.Type) -> Int {
        (alignment + MemoryLayout<Payload>.size + alignment - 1) & ~(alignment - 1)
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: Self.alignment)
        larger.copyMemory(from: base, byteCount: used)
        base.deallocate()
        base = larger
        capacity *= 2
    }

    @inline(__always) mutating func append(accepted order: OrderState) { write(.accepted, order) }
    @inline(__always) mutating func append(filled fill: OrderFill) { write(.filled, fill) }
    @inline(__always) mutating func append(ended order: OrderState) { write(.ended, OrderEnd(order: order)) }
    @inline(__always) mutating func append(traded trade: Trade) { write(.traded, trade) }
    @inline(__always) mutating func append(level change: LevelChange) { write(.level, change) }
    @inline(__always) mutating func append(balance change: BalanceChange) { write(.balance, change) }

    /// For the events that are rare, whatever they are.
    mutating func append(_ event: Event) {
        rare.append(event)
        write(.rare, UInt64(rare.count - 1))
    }

    /// Visits the events in order.
    @inlinable
    public borrowing func forEach(_ body: (Event) -> Void) {
        var cursor = 0
        while let event = next(&cursor) { body(event) }
    }

    /// The event at `cursor`, which is moved on to the next; nil at the end. A cursor starts at zero.
    public borrowing func next(_ cursor: inout Int) -> Event? {
        guard cursor < used else { return nil }
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
        var cursor = 0
        while cursor < used {
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
