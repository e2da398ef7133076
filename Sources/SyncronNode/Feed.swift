import SyncronCore

/// Someone who follows what happens.
public protocol FeedSink: AnyObject, Sendable {
    /// Called once on the writer's thread between two batches: the market data stands exactly at `sequence`, and
    /// `publish` begins with the command after it. Must be short.
    func started(after sequence: Sequence)
    /// Called on the publisher's thread for each batch in the journal's order. Must not block.
    func publish(_ batch: AppliedBatch)
}

extension FeedSink {
    public func started(after sequence: Sequence) {}
}

/// Hands what was applied to all who follow, on a thread of its own.
public final class Feed: Sendable {
    private struct Subscription {
        var sink: any FeedSink
        var after: Sequence
    }

    private struct State {
        var waiting: [AppliedBatch] = []
        var weight = 0
        var subscriptions: [Subscription] = []
        var isIdle = true
        var isClosed = false
    }

    private let state = Monitor(State())
    private let inbox: Inbox
    /// Events that may wait. Above, the writer waits: the publisher never waits for anyone.
    private let bound: Int

    init(inbox: Inbox, bound: Int = 1_000_000) {
        self.inbox = inbox
        self.bound = bound
    }

    /// Lets `sink` follow from the next batch on; it is kept until `unsubscribe`.
    public func subscribe(_ sink: any FeedSink) async throws(Unavailable) {
        try await inbox.inspect { [self] exchange, _ in
            let sequence = exchange.engine.sequence
            sink.started(after: sequence)
            state.withLock { $0.subscriptions.append(Subscription(sink: sink, after: sequence)) }
        }
    }

    /// After this, `sink` gets at most the batch that is being published.
    public func unsubscribe(_ sink: any FeedSink) {
        state.withLock { $0.subscriptions.removeAll { $0.sink === sink } }
    }

    /// Batches that wait to be published.
    var depth: Int { state.withLock { $0.waiting.count } }

    /// Called by the writer only.
    func put(_ batch: AppliedBatch) {
        let isTaken = state.wait { [bound] state -> Bool? in
            guard !state.subscriptions.isEmpty, !state.isClosed else { return false }
            guard state.weight < bound else { return nil }
            state.waiting.append(batch)
            state.weight += batch.weight
            return true
        }
        // Where nobody follows, nobody is woken.
        if isTaken == true { state.wakeAll() }
    }

    /// Publishes until the feed is closed and empty: the body of the publisher's thread.
    func run() {
        while let batches = next() {
            for batch in batches {
                let subscriptions = state.withLock { $0.subscriptions }
                for subscription in subscriptions where batch.firstSequence > subscription.after {
                    subscription.sink.publish(batch)
                }
            }
            state.change { $0.isIdle = $0.waiting.isEmpty }
        }
    }

    /// All that waits, once something does; nil when the feed is closed and empty.
    private func next() -> [AppliedBatch]? {
        let batches = state.wait { state -> [AppliedBatch]? in
            guard !state.waiting.isEmpty || state.isClosed else { return nil }
            state.isIdle = state.waiting.isEmpty
            defer {
                state.waiting = []
                state.weight = 0
            }
            return state.waiting
        }
        // The writer may be waiting for room.
        state.wakeAll()
        return batches.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Blocks until all that was put in has been published.
    func waitUntilIdle() {
        _ = state.wait { $0.waiting.isEmpty && $0.isIdle ? true : nil }
    }

    /// Ends `run` when all has been published.
    func close() { state.change { $0.isClosed = true } }
}
