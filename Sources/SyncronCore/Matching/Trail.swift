/// The trailing orders of one side at one distance.
///
/// Those with the same extreme are one run. A trade moves all runs that it surpasses to its own price, where they
/// become one: so following a price costs by how many runs end, not by how many orders there are.
struct Trail {
    let side: Side
    /// In basis points.
    let delta: UInt16
    /// From the extreme farthest from the last price to the nearest.
    private var runs: [Run] = []

    private struct Run {
        var extreme: Ticks
        var head: OrderSlot
        var tail: OrderSlot
    }

    init(side: Side, delta: UInt16) {
        self.side = side
        self.delta = delta
    }

    var isEmpty: Bool { runs.isEmpty }

    /// `price`: the last price, which is never beyond the extreme of a run.
    mutating func add(_ slot: OrderSlot, at price: Ticks, _ pool: borrowing OrderPool) {
        let order = pool.orders.base + Int(slot)
        order.pointee.next = 0
        order.pointee.previous = 0
        guard let last = runs.indices.last, runs[last].extreme == price else {
            runs.append(Run(extreme: price, head: slot, tail: slot))
            return
        }
        order.pointee.previous = runs[last].tail
        pool.orders[runs[last].tail].next = slot
        runs[last].tail = slot
    }

    mutating func remove(_ slot: OrderSlot, _ pool: borrowing OrderPool) {
        let (previous, next) = (pool.orders[slot].previous, pool.orders[slot].next)
        if previous != 0 { pool.orders[previous].next = next }
        if next != 0 { pool.orders[next].previous = previous }
        guard previous == 0 || next == 0,
            let run = runs.lastIndex(where: { $0.head == slot || $0.tail == slot })
        else { return }
        if previous == 0 { runs[run].head = next }
        if next == 0 { runs[run].tail = previous }
        if runs[run].head == 0 { runs.remove(at: run) }
    }

    mutating func follow(_ price: Ticks, _ pool: borrowing OrderPool) {
        while let last = runs.last, isBeyond(price, last.extreme) {
            guard runs.count > 1 else {
                runs[0].extreme = price
                return
            }
            let before = runs.count - 2
            guard !isBeyond(runs[before].extreme, price) else {
                runs[before + 1].extreme = price
                return
            }
            pool.orders[runs[before].tail].next = last.head
            pool.orders[last.head].previous = runs[before].tail
            runs[before].tail = last.tail
            runs.removeLast()
        }
    }

    /// Whether `price` is a new extreme against `extreme`: higher for sales, lower for purchases.
    private func isBeyond(_ price: Ticks, _ extreme: Ticks) -> Bool {
        side == .sell ? price > extreme : price < extreme
    }

    /// SELL at ≤ high × (1 − d / 10,000), BUY at ≥ low × (1 + d / 10,000), exactly.
    private func fires(at price: Ticks, _ extreme: Ticks) -> Bool {
        let scaled = Int128(price.raw) * 10_000
        return side == .sell
            ? scaled <= Int128(extreme.raw) * Int128(10_000 - Int64(delta))
            : scaled >= Int128(extreme.raw) * Int128(10_000 + Int64(delta))
    }

    /// Looks for an older order than `oldest` among those that fire at `price`.
    func consider(_ price: Ticks, _ oldest: inout OrderSlot, _ pool: borrowing OrderPool) {
        for run in runs {
            guard fires(at: price, run.extreme) else { return }
            var slot = run.head
            while slot != 0 {
                pool.keepOlder(slot, &oldest)
                slot = pool.orders[slot].next
            }
        }
    }

    func forEach(_ pool: borrowing OrderPool, _ body: (OrderSlot, _ extreme: Ticks) -> Void) {
        for run in runs {
            var slot = run.head
            while slot != 0 {
                body(slot, run.extreme)
                slot = pool.orders[slot].next
            }
        }
    }
}
