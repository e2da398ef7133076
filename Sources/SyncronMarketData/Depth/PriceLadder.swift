/// The levels of one side of a book, sorted, the best at the end.
///
/// Levels stand under a rank that rises towards the best: the price of a bid, minus the price of an ask. They lie in
/// chunks of at most 64 in one array, and a sorted directory names the chunks. A change searches the directory and one
/// chunk and moves at most one chunk's levels, however deep the book is; most changes are in the last chunk.
struct PriceLadder: Sendable {
    struct Level: Equatable, Sendable {
        var rank: Int64
        var quantity: Int64
    }

    private struct Chunk: Sendable {
        /// It takes the ranks from here up to the next chunk's. The first chunk also takes all lower ones.
        var lowest: Int64
        /// Where it begins in `slots`.
        var base: Int
        /// At least 1.
        var count: Int
    }

    private static let chunkSize = 64
    /// A chunk below a quarter joins its neighbour if both together stay below three quarters.
    private static let sparse = 16
    private static let joined = 48

    private var chunks: [Chunk] = []
    private var slots: [Level] = []
    /// Bases of chunks that were given up.
    private var vacant: [Int] = []
    private(set) var count = 0

    init() {}

    var best: Level? {
        guard let chunk = chunks.last else { return nil }
        return slots[chunk.base + chunk.count - 1]
    }

    /// Zero when nothing stands there.
    func quantity(at rank: Int64) -> Int64 {
        guard !chunks.isEmpty else { return 0 }
        let chunk = chunks[chunkIndex(of: rank)]
        let position = position(of: rank, in: chunk)
        guard position < chunk.count, slots[chunk.base + position].rank == rank else { return 0 }
        return slots[chunk.base + position].quantity
    }

    /// Calls `body` with at most `limit` levels, the best first.
    func forEachFromBest(limit: Int, _ body: (Level) -> Void) {
        var left = limit
        for chunk in chunks.reversed() {
            for index in (chunk.base..<chunk.base + chunk.count).reversed() {
                guard left > 0 else { return }
                body(slots[index])
                left -= 1
            }
        }
    }

    /// Puts `quantity` at the rank; zero removes the level.
    mutating func set(_ quantity: Int64, at rank: Int64) {
        guard !chunks.isEmpty else {
            if quantity != 0 { openFirstChunk(Level(rank: rank, quantity: quantity)) }
            return
        }
        let index = chunkIndex(of: rank)
        let chunk = chunks[index]
        let position = position(of: rank, in: chunk)
        let stands = position < chunk.count && slots[chunk.base + position].rank == rank
        switch (stands, quantity != 0) {
        case (true, true): slots[chunk.base + position].quantity = quantity
        case (true, false): remove(at: position, of: index)
        case (false, true): insert(Level(rank: rank, quantity: quantity), at: position, of: index)
        case (false, false): break
        }
    }
}

extension PriceLadder {
    /// The last chunk that begins at or below the rank, else the first.
    @inline(__always)
    private func chunkIndex(of rank: Int64) -> Int {
        let last = chunks.count - 1
        if last == 0 || chunks[last].lowest <= rank { return last }
        var low = 0
        var high = last
        while high - low > 1 {
            let middle = (low + high) >> 1
            if chunks[middle].lowest <= rank { low = middle } else { high = middle }
        }
        return low
    }

    /// How many levels of the chunk are below the rank.
    @inline(__always)
    private func position(of rank: Int64, in chunk: Chunk) -> Int {
        slots.withUnsafeBufferPointer { slots in
            let levels = slots.baseAddress! + chunk.base
            var start = 0
            var length = chunk.count
            while length > 1 {
                let half = length &>> 1
                start &+= half & Self.mask(levels[start &+ half &- 1].rank, isBelow: rank)
                length &-= half
            }
            return start &- Self.mask(levels[start].rank, isBelow: rank)
        }
    }

    /// All ones or zero. Which it is cannot be guessed by a processor, so the search must not branch on it.
    @inline(__always)
    private static func mask(_ a: Int64, isBelow b: Int64) -> Int { Int((a &- b) &>> 63) }

    private mutating func openFirstChunk(_ level: Level) {
        let base = takeSlots()
        slots[base] = level
        chunks.append(Chunk(lowest: level.rank, base: base, count: 1))
        count = 1
    }

    private mutating func insert(_ level: Level, at position: Int, of index: Int) {
        if chunks[index].count == Self.chunkSize {
            split(index)
            let half = chunks[index].count
            let (target, place) = position > half ? (index + 1, position - half) : (index, position)
            put(level, at: place, of: target)
        } else {
            put(level, at: position, of: index)
        }
        count += 1
    }

    @inline(__always)
    private mutating func put(_ level: Level, at position: Int, of index: Int) {
        let chunk = chunks[index]
        move(from: chunk.base + position, to: chunk.base + position + 1, count: chunk.count - position)
        slots[chunk.base + position] = level
        chunks[index].count += 1
    }

    private mutating func remove(at position: Int, of index: Int) {
        let chunk = chunks[index]
        move(
            from: chunk.base + position + 1, to: chunk.base + position, count: chunk.count - position - 1)
        count -= 1
        if chunk.count == 1 {
            vacant.append(chunk.base)
            chunks.remove(at: index)
            return
        }
        chunks[index].count -= 1
        if chunk.count - 1 < Self.sparse && index > 0 { joinIfSparse(index) }
    }

    /// Moves the chunk's levels to the one before it, if both are sparse enough.
    private mutating func joinIfSparse(_ index: Int) {
        let left = chunks[index - 1]
        let right = chunks[index]
        guard left.count + right.count <= Self.joined else { return }
        move(from: right.base, to: left.base + left.count, count: right.count)
        chunks[index - 1].count += right.count
        vacant.append(right.base)
        chunks.remove(at: index)
    }

    /// Moves the upper half of a full chunk to a new one behind it.
    private mutating func split(_ index: Int) {
        let half = Self.chunkSize / 2
        let base = takeSlots()
        let full = chunks[index]
        move(from: full.base + half, to: base, count: full.count - half)
        chunks[index].count = half
        chunks.insert(Chunk(lowest: slots[base].rank, base: base, count: full.count - half), at: index + 1)
    }

    private mutating func takeSlots() -> Int {
        if let base = vacant.popLast() { return base }
        let base = slots.count
        slots.append(contentsOf: repeatElement(Level(rank: 0, quantity: 0), count: Self.chunkSize))
        return base
    }

    @inline(__always)
    private mutating func move(from source: Int, to target: Int, count: Int) {
        precondition(max(source, target) + count <= slots.count)
        guard count > 0 else { return }
        slots.withUnsafeMutableBufferPointer { slots in
            let base = slots.baseAddress!
            (base + target).update(from: base + source, count: count)
        }
    }
}

/// Equal when the same levels stand, however they are divided into chunks.
extension PriceLadder: Equatable {
    static func == (a: PriceLadder, b: PriceLadder) -> Bool {
        guard a.count == b.count else { return false }
        return a.levels == b.levels
    }

    /// All levels, the worst first.
    var levels: [Level] {
        var list: [Level] = []
        list.reserveCapacity(count)
        for chunk in chunks { list.append(contentsOf: slots[chunk.base..<chunk.base + chunk.count]) }
        return list
    }
}
