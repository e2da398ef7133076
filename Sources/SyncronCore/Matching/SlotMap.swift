import CSyncron

/// Finds order slots by a 32-bit tag of their key: open addressing, linear probing, no tombstones.
///
/// An entry is the tag and the slot in one word; the caller confirms a candidate against the order itself. At most
/// half of the places are taken. The map is as small as the orders allow, so that a thin book's stays in the caches:
/// it doubles while that is quick, and then takes all the room that it will ever need, so that no order waits long.
struct SlotMap: ~Copyable {
    private var entries: Slab<UInt64>
    private var mask: Int
    private var shift: UInt32
    private var count = 0
    /// The most places that it needs.
    private let bound: Int

    private static let fewest = 16
    private static let first = 4_096
    /// Beyond so many places it no longer doubles.
    private static let lastDoubled = 1 << 18

    /// `capacity`: the most entries there will ever be.
    init(capacity: Int) {
        var bound = Self.fewest
        while bound < capacity * 2 { bound *= 2 }
        self.init(places: min(Self.first, bound), bound: bound)
    }

    private init(places: Int, bound: Int) {
        precondition(places <= bound && bound <= 1 << 32)
        self.bound = bound
        entries = Slab(capacity: places)
        mask = places - 1
        shift = UInt32(35 - places.trailingZeroBitCount)
    }

    @inline(never)
    private mutating func grow() {
        let doubled = (mask + 1) * 2
        guard doubled <= bound else { return }
        var larger = SlotMap(places: doubled <= Self.lastDoubled ? doubled : bound, bound: bound)
        for place in 0...mask where entries[place] != 0 {
            let entry = entries[place]
            larger.insert(UInt32(truncatingIfNeeded: entry >> 32), OrderSlot(truncatingIfNeeded: entry))
        }
        self = larger
    }

    /// Eight neighbouring tags share a cache line, so that ids in order of acceptance stay near each other; the lines
    /// are scattered.
    @inline(__always)
    private func home(_ tag: UInt32) -> Int {
        Int(truncatingIfNeeded: ((tag &>> 3) &* 0x9E37_79B9) &>> shift) &<< 3 | Int(tag & 7)
    }

    /// Asks for the memory where `tag` would be.
    @inline(__always)
    func prefetch(_ tag: UInt32) { syncron_prefetch(entries.base + home(tag)) }

    /// A slot under `tag`, unconfirmed, or 0.
    @inline(__always)
    func findAny(_ tag: UInt32) -> OrderSlot { find(tag) { _ in true } }

    @inline(__always)
    mutating func insert(_ tag: UInt32, _ slot: OrderSlot) {
        if count &<< 1 > mask { grow() }
        count &+= 1
        var place = home(tag)
        while entries[place] != 0 { place = (place &+ 1) & mask }
        entries[place] = UInt64(tag) << 32 | UInt64(slot)
    }

    /// The slot under `tag` for which `isIt` holds, or 0.
    @inline(__always)
    func find(_ tag: UInt32, where isIt: (OrderSlot) -> Bool) -> OrderSlot {
        var place = home(tag)
        while true {
            let entry = entries[place]
            if entry == 0 { return 0 }
            if UInt32(truncatingIfNeeded: entry >> 32) == tag {
                let slot = OrderSlot(truncatingIfNeeded: entry)
                if isIt(slot) { return slot }
            }
            place = (place &+ 1) & mask
        }
    }

    @inline(__always)
    mutating func remove(_ tag: UInt32, _ slot: OrderSlot) {
        let wanted = UInt64(tag) << 32 | UInt64(slot)
        var hole = home(tag)
        while entries[hole] != wanted {
            precondition(entries[hole] != 0, "what is removed is in the map")
            hole = (hole &+ 1) & mask
        }
        var place = hole
        while true {
            place = (place &+ 1) & mask
            let entry = entries[place]
            if entry == 0 { break }
            let wish = home(UInt32(truncatingIfNeeded: entry >> 32))
            // An entry may move back into the hole only if its home does not lie behind the hole.
            if (place &- wish) & mask >= (place &- hole) & mask {
                entries[hole] = entry
                hole = place
            }
        }
        entries[hole] = 0
        count &-= 1
    }
}
