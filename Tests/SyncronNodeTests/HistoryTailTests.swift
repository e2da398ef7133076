import SyncronCore
import Testing

@testable import SyncronNode

@Suite("The tail of the history")
struct HistoryTailTests {
    /// A batch of `count` commands from `first` on, each with one event: of twice that weight.
    private func batch(_ first: UInt64, _ count: Int) -> AppliedBatch {
        AppliedBatch(
            commands: (0..<count).map { index in
                AppliedCommand(
                    stamp: Stamp(sequence: Sequence(first + UInt64(index)), time: .zero), events: index..<index + 1)
            },
            events: Array(repeating: .timePassed, count: count), userEvents: [])
    }

    @Test("a live tail is full above its bound, and has room when something was stored")
    func full() {
        let tail = HistoryTail(bound: 10, stored: Sequence(0))
        #expect(tail.chooseMode() == .live)
        tail.put(batch(1, 5))
        #expect(!tail.isFull)
        tail.put(batch(6, 1))
        #expect(tail.isFull)
        tail.markStored(Sequence(5))
        #expect(!tail.isFull)
        #expect(tail.batches.map(\.firstSequence.raw) == [6])
        #expect(!tail.isStored)
        tail.markStored(Sequence(6))
        #expect(tail.isStored && tail.depth == 0)
    }

    @Test("who waits for room goes on when something was stored, and gives up when nothing can be")
    func room() async {
        let tail = HistoryTail(bound: 10, stored: Sequence(0))
        _ = tail.chooseMode()
        #expect(tail.waitForRoom(until: .now))
        tail.put(batch(1, 6))
        #expect(!tail.waitForRoom(until: .now))
        let waiter = Task.detached { tail.waitForRoom(until: .now + .seconds(60)) }
        try? await Task.sleep(for: .milliseconds(20))
        tail.markStored(Sequence(6))
        #expect(await waiter.value)
        tail.put(batch(7, 6))
        tail.markStuck()
        #expect(!tail.waitForRoom(until: .now + .seconds(60)))
    }

    @Test("a tail that does not reach back lets go of its oldest batches, until what is stored meets it")
    func catchingUp() {
        let tail = HistoryTail(bound: 10, stored: Sequence(0))
        tail.begin(applied: Sequence(100))
        #expect(tail.chooseMode() == .catchingUp)
        #expect(tail.pending == nil)
        for first: UInt64 in [101, 104, 107] { tail.put(batch(first, 3)) }
        #expect(tail.batches.map(\.firstSequence.raw) == [107])
        #expect(!tail.meet(stored: Sequence(100)))
        #expect(!tail.meet(stored: Sequence(105)))
        #expect(tail.meet(stored: Sequence(106)))
        #expect(tail.pending?.map(\.firstSequence.raw) == [107])
        tail.put(batch(110, 6))
        #expect(tail.batches.map(\.firstSequence.raw) == [107, 110])
        #expect(tail.isFull)
    }

    @Test("while catching up commands are refused when the gap grows by more than the bound")
    func gap() {
        let tail = HistoryTail(bound: 10, stored: Sequence(0))
        tail.begin(applied: Sequence(100))
        _ = tail.chooseMode()
        tail.put(batch(101, 10))
        #expect(!tail.isFull)
        tail.put(batch(111, 1))
        #expect(tail.isFull)
        _ = tail.meet(stored: Sequence(1))
        #expect(!tail.isFull)
    }

    @Test("a reader waits until what was applied is stored, and not for what comes later")
    func reader() async {
        let tail = HistoryTail(bound: 10, stored: Sequence(0))
        _ = tail.chooseMode()
        #expect(await tail.storesAll(by: .now + .seconds(60)))
        tail.put(batch(1, 2))
        let answer = Task { await tail.storesAll(by: .now + .seconds(60)) }
        // Work is handed out at once, because somebody waits.
        let work = tail.next(1_000_000, atMost: 100, patience: .seconds(60), until: .now + .seconds(60))
        #expect(work?.map(\.firstSequence.raw) == [1])
        tail.put(batch(3, 1))
        tail.markStored(Sequence(2))
        #expect(await answer.value)
    }

    @Test("a reader who waits in vain is told so")
    func impatientReader() async {
        let tail = HistoryTail(bound: 10, stored: Sequence(0))
        tail.put(batch(1, 2))
        #expect(await !tail.storesAll(by: .now + .milliseconds(20)))
        let abandoned = Task { await tail.storesAll(by: .distantFuture) }
        while tail.waiterCount == 0 { await Task.yield() }
        tail.abandon()
        #expect(await !abandoned.value)
        #expect(await !tail.storesAll(by: .distantFuture))
    }

    @Test("work is handed out in transactions, oldest first, and stays until it is stored")
    func work() {
        let tail = HistoryTail(bound: 1_000, stored: Sequence(0))
        for first: UInt64 in [1, 3, 5, 7] { tail.put(batch(first, 2)) }
        for _ in 0..<2 {
            let work = tail.next(1, atMost: 8, patience: .zero, until: .distantFuture)
            #expect(work?.map(\.firstSequence.raw) == [1, 3])
        }
        tail.markStored(Sequence(4))
        tail.close()
        #expect(tail.next(1, atMost: 8, patience: .zero, until: .distantFuture)?.count == 2)
        tail.markStored(Sequence(8))
        #expect(tail.next(1, atMost: 8, patience: .zero, until: .distantFuture) == nil)
    }

    @Test("the history's thread sleeps until enough is there")
    func enough() async {
        let tail = HistoryTail(bound: 1_000, stored: Sequence(0))
        let work = Task.detached { tail.next(12, atMost: 100, patience: .seconds(60), until: .distantFuture)?.count }
        for first: UInt64 in [1, 3, 5] {
            try? await Task.sleep(for: .milliseconds(20))
            tail.put(batch(first, 2))
        }
        #expect(await work.value == 3)
    }
}
