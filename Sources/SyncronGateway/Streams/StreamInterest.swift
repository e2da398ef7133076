import Synchronization

/// Which shards have readers of which streams: written by the event loops, followed by the hub. A stream that nobody
/// reads is not in it, and is never rendered.
final class StreamInterest: Sendable {
    /// A stream whose readers changed.
    struct Change: Sendable {
        var key: StreamKey
        /// The shards that have readers now.
        var shards: [StreamShard]
        /// Whether a reader has come who has seen nothing of the stream yet.
        var hasNewReader: Bool
    }

    private struct State {
        var shards: [StreamKey: [StreamShard]] = [:]
        var changed: Set<StreamKey> = []
        var hasNewReader: Set<StreamKey> = []
    }

    private let state = Mutex(State())
    private let hasChanges = Atomic(false)

    /// A reader has come to the shard. What is applied after this call reaches it.
    func readerCame(to key: StreamKey, _ shard: StreamShard, isFirst: Bool) {
        state.withLock { state in
            if isFirst { state.shards[key, default: []].append(shard) }
            state.changed.insert(key)
            state.hasNewReader.insert(key)
            hasChanges.store(true, ordering: .releasing)
        }
    }

    /// The shard's last reader of the stream has gone.
    func lastReaderLeft(_ key: StreamKey, _ shard: StreamShard) {
        state.withLock { state in
            state.shards[key]?.removeAll { $0 === shard }
            if state.shards[key]?.isEmpty == true { state.shards[key] = nil }
            state.changed.insert(key)
            hasChanges.store(true, ordering: .releasing)
        }
    }

    /// What changed since the last call.
    func takeChanges() -> [Change] {
        guard hasChanges.load(ordering: .acquiring) else { return [] }
        return state.withLock { state in
            defer {
                state.changed.removeAll(keepingCapacity: true)
                state.hasNewReader.removeAll(keepingCapacity: true)
                hasChanges.store(false, ordering: .releasing)
            }
            return state.changed.map { key in
                Change(
                    key: key, shards: state.shards[key] ?? [], hasNewReader: state.hasNewReader.contains(key))
            }
        }
    }

    /// Streams that somebody reads.
    var count: Int { state.withLock { $0.shards.count } }
}
