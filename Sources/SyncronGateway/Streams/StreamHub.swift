import Synchronization
import SyncronCore
import SyncronNode

/// Follows the exchange and makes messages of what happens: each once, and only for streams that somebody reads.
///
/// Trades, the best of the book and user events go out with the batch that caused them, on the publisher's thread.
/// What has a rhythm of its own goes out with the beat: pushes follow the real clock, their contents the exchange's.
/// Both work under one lock, so that the messages of a stream stay in order.
final class StreamHub: FeedSink {
    let interest = StreamInterest()
    private let node: Node
    private let state: Mutex<StreamHubState>

    init(node: Node) {
        self.node = node
        state = Mutex(StreamHubState(node: node))
    }

    func started(after sequence: Sequence) {
        state.withLock { $0.started() }
    }

    /// A reader has come to the shard, and will be told so afterwards. What happens from then on reaches it: what later
    /// pushes are compared with is read now, before the reader can do anything about it.
    func readerCame(to key: StreamKey, _ shard: StreamShard, isFirst: Bool) {
        interest.readerCame(to: key, shard, isFirst: isFirst)
        if isFirst { state.withLock { $0.note(interest.takeChanges()) } }
    }

    func publish(_ batch: AppliedBatch) {
        state.withLock { state in
            state.note(interest.takeChanges())
            state.apply(batch)
            state.send()
        }
    }

    /// Called every `StreamBeat.milliseconds` of the real clock.
    func beat() {
        let mustAsk = state.withLock { state in
            state.note(interest.takeChanges())
            state.beat()
            state.send()
            return state.takeTimeQuestion()
        }
        if mustAsk { askForTime() }
    }

    /// While nothing happens no batch tells that the exchange's clock has passed the end of a candle. The writer does:
    /// what it stamps after its answer is not earlier than it.
    private func askForTime() {
        Task {
            let time = try? await node.query { _, now in now }
            state.withLock { $0.answered(time: time) }
        }
    }
}
