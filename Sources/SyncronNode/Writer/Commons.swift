import Logging
import Synchronization
import SyncronCore

/// What the threads of one node share.
final class Commons: Sendable {
    let inbox: Inbox
    let clock: NodeClock
    let marketData: MarketDataStore
    let tail: HistoryTail
    let feed: Feed
    let metrics: NodeMetrics
    let log: Logger

    private let onFatal: @Sendable (String) -> Void
    private let currentDirectory: Mutex<Directory>
    private let applied: Atomic<UInt64>
    private let durable: Atomic<UInt64>
    private let snapshot: Atomic<UInt64>
    private let hasFailed = Atomic<Bool>(false)
    private let outOfSpace = Atomic<Bool>(false)

    /// For an exchange that stands where `exchange` stands, whose newest snapshot is at `snapshot`.
    init(
        _ configuration: NodeConfiguration, clock: NodeClock, tail: HistoryTail, _ exchange: borrowing Exchange,
        snapshot: Sequence
    ) {
        inbox = Inbox(capacity: configuration.inboxCapacity)
        self.clock = clock
        marketData = exchange.marketData ?? MarketDataStore()
        marketData.follow(clock)
        self.tail = tail
        feed = Feed(inbox: inbox)
        metrics = NodeMetrics()
        log = configuration.log
        onFatal = configuration.onFatal
        currentDirectory = Mutex(Directory(exchange.directory))
        applied = Atomic(exchange.engine.sequence.raw)
        durable = Atomic(exchange.engine.sequence.raw)
        self.snapshot = Atomic(snapshot.raw)
    }

    var directory: Directory {
        get { currentDirectory.withLock { $0 } }
        set { currentDirectory.withLock { $0 = newValue } }
    }

    /// The last command applied: what it changed is to be seen everywhere.
    var appliedSequence: Sequence {
        get { Sequence(applied.load(ordering: .acquiring)) }
        set { applied.store(newValue.raw, ordering: .releasing) }
    }

    /// The last command that no crash can take back.
    var durableSequence: Sequence {
        get { Sequence(durable.load(ordering: .acquiring)) }
        set { durable.store(newValue.raw, ordering: .releasing) }
    }

    /// The command after which the newest snapshot was taken; 0 for none.
    var snapshotSequence: Sequence {
        get { Sequence(snapshot.load(ordering: .acquiring)) }
        set { snapshot.store(newValue.raw, ordering: .releasing) }
    }

    /// Whether the journal looked for space to go on and found none.
    var isOutOfSpace: Bool {
        get { outOfSpace.load(ordering: .acquiring) }
        set { outOfSpace.store(newValue, ordering: .releasing) }
    }

    /// Says why the node must not go on. Does not return unless the configuration has it so; then the node answers
    /// everything with `stopping`.
    func fail(_ message: String) {
        hasFailed.store(true, ordering: .releasing)
        log.critical("\(message)")
        onFatal(message)
        inbox.close(.stopping)
    }

    /// Whether `fail` was called.
    var isFailed: Bool { hasFailed.load(ordering: .acquiring) }
}
