import SyncronCore

/// All changes of a book from one update id to another, each level once and with its last quantity.
public struct DepthDiff: Hashable, Sendable {
    /// The update id of the first change: the last one of the diff before, plus 1.
    public var firstUpdateID: UInt64
    public var lastUpdateID: UInt64
    /// High to low; a quantity of zero removes the level.
    public var bids: [PriceLevel]
    /// Low to high; a quantity of zero removes the level.
    public var asks: [PriceLevel]

    public init(firstUpdateID: UInt64, lastUpdateID: UInt64, bids: [PriceLevel], asks: [PriceLevel]) {
        self.firstUpdateID = firstUpdateID
        self.lastUpdateID = lastUpdateID
        self.bids = bids
        self.asks = asks
    }
}

/// Collects the changes of one book between two pushes. A book may have several, each with a rhythm of its own.
///
/// It is made with the update id that the book has then and must see every change after it. It holds at most twice as
/// many changes as levels changed since the last flush, or `compactionFloor` where that is more.
public struct DepthWindow: Sendable {
    private struct Change: Sendable {
        var side: Side
        var price: Ticks
        var quantity: Steps
        var updateID: UInt64
    }

    private static let compactionFloor = 1_024

    private var changes: [Change] = []
    private var compactAt = compactionFloor
    private var flushedID: UInt64
    private var lastID: UInt64

    /// `updateID`: of the book as it is before the first change to be recorded.
    public init(after updateID: UInt64) {
        flushedID = updateID
        lastID = updateID
    }

    public var isEmpty: Bool { lastID == flushedID }

    /// Changes held: a level may stand among them more than once.
    var pendingCount: Int { changes.count }

    public mutating func record(_ change: LevelChange) {
        lastID += 1
        changes.append(
            Change(side: change.side, price: change.price, quantity: change.quantity, updateID: lastID))
        if changes.count >= compactAt {
            compact()
            compactAt = max(Self.compactionFloor, changes.count * 2)
        }
    }

    /// What changed since the last flush; nil when nothing did.
    public mutating func flush() -> DepthDiff? {
        guard !isEmpty else { return nil }
        compact()
        var diff = DepthDiff(firstUpdateID: flushedID + 1, lastUpdateID: lastID, bids: [], asks: [])
        for change in changes {
            let level = PriceLevel(price: change.price, quantity: change.quantity)
            switch change.side {
            case .buy: diff.bids.append(level)
            case .sell: diff.asks.append(level)
            }
        }
        diff.bids.reverse()
        changes.removeAll(keepingCapacity: compactAt == Self.compactionFloor)
        compactAt = Self.compactionFloor
        flushedID = lastID
        return diff
    }

    /// Sorts by side and price and keeps the last change of each level.
    private mutating func compact() {
        changes.sort { a, b in
            if a.side != b.side { return a.side == .buy }
            if a.price != b.price { return a.price < b.price }
            return a.updateID < b.updateID
        }
        var kept = 0
        for index in changes.indices {
            let change = changes[index]
            if kept > 0 && changes[kept - 1].side == change.side && changes[kept - 1].price == change.price {
                changes[kept - 1] = change
            } else {
                changes[kept] = change
                kept += 1
            }
        }
        changes.removeSubrange(kept...)
    }
}
