import Foundation
import Logging
import SyncronCore
import SyncronHistory
import SyncronJournal

extension Node {
    /// Starts a node on a data directory: begins the exchange where there is none, else rebuilds it from the newest
    /// good snapshot and the journal behind it. Blocks until it is done; the history may still be catching up then.
    public static func start(_ configuration: NodeConfiguration) throws(NodeFailure) -> Node {
        let storage = try orNodeFailure { () throws(JournalFailure) in
            try configuration.makeStorage(configuration.dataDirectory)
        }
        return try NodeStarter(configuration: configuration, storage: storage).start()
    }
}

/// The steps from a data directory to a running node.
struct NodeStarter {
    let configuration: NodeConfiguration
    let storage: any Storage
    private var log: Logger { configuration.log }

    init(configuration: NodeConfiguration, storage: any Storage) {
        self.configuration = configuration
        self.storage = storage
    }

    func start() throws(NodeFailure) -> Node {
        let isFirst = try orNodeFailure { () throws(JournalFailure) in
            let snapshots = try SnapshotStore(storage: storage).list()
            return try JournalSegments.starts(in: storage).isEmpty && snapshots.isEmpty
        }
        if isFirst { try tryOut(FirstStart(configuration)) }
        let recoveryStart = try RecoveryStart.newest(in: storage, log)
        // Before the journal, whose torn tail is cut as it is opened: this may have to wait for space.
        let opened = try openHistory(historyPath)
        var journal = try openJournal(recoveryStart.anchor)
        let store = try fitting(opened, journal.lastSequence, isCut: journal.recovery.tornTail != nil)
        let tail = HistoryTail(bound: configuration.historyBound, stored: store.appliedSequence)
        let snapshotSequence = recoveryStart.anchor.sequence
        var exchange = try replay(recoveryStart, journal.lastSequence, tail)
        if exchange.engine.sequence == Sequence(0) { try begin(&exchange, &journal, tail) }
        try checkGenesis(exchange.engine.genesis)
        let commons = Commons(
            configuration, clock: NodeClock(mode: configuration.clock, journalTime: exchange.engine.now),
            tail: tail, exchange, snapshot: snapshotSequence)
        return run(consume journal, consume exchange, commons, store)
    }

    // MARK: What lies on disk

    private func openJournal(_ anchor: ChainAnchor) throws(NodeFailure) -> Journal {
        let options = JournalOptions(segmentBytes: configuration.segmentBytes)
        let journal: Journal
        do throws(JournalFailure) {
            journal = try Journal.open(storage: storage, options: options, anchor: anchor)
        } catch {
            throw .journal(error)
        }
        if let torn = journal.recovery.tornTail { log.notice("an unacknowledged tail was cut: \(torn)") }
        for damage in journal.recovery.coveredDamage { log.warning("damage that a snapshot covers: \(damage)") }
        return journal
    }

    private var historyPath: String { configuration.dataDirectory + "/history.sqlite" }

    /// The history may have what was cut off the journal just now: then it is rebuilt from what the journal has.
    private func fitting(
        _ store: HistoryStore, _ journalEnd: Sequence, isCut: Bool
    ) throws(NodeFailure) -> HistoryStore {
        let path = historyPath
        guard store.appliedSequence > journalEnd else { return store }
        let ahead = NodeFailure.historyAhead(path: path, history: store.appliedSequence, journal: journalEnd)
        let first = try orNodeFailure { () throws(JournalFailure) in try JournalSegments.starts(in: storage).first }
        let aside = "\(path).ahead-\(store.appliedSequence)"
        // Only a whole journal can make a whole history.
        guard isCut, first == Sequence(1) else { throw ahead }
        do throws(HistoryFailure) { try store.close() } catch { throw .history(error) }
        // Its log is gone when it was closed in order; a log left behind would be taken for that of the new file.
        for suffix in ["-wal", "-shm"] { _ = rename(path + suffix, aside + suffix) }
        guard rename(path, aside) == 0 else { throw ahead }
        log.warning("the history holds what was cut: it is made anew, and what it was lies in \(aside)")
        return try openHistory(path)
    }

    /// Waits for space when the disk is full.
    private func openHistory(_ path: String) throws(NodeFailure) -> HistoryStore {
        var isTold = false
        while true {
            do throws(HistoryFailure) {
                return try HistoryStore(path: path)
            } catch {
                guard error.isOfFullDisk else { throw .history(error) }
                if !isTold { log.error("the start waits for space: \(error)") }
                isTold = true
                sleep(1)
            }
        }
    }

    /// Rebuilds the exchange. What the history does not have yet is left in its tail, as far as it fits.
    private func replay(
        _ start: consuming RecoveryStart, _ last: Sequence, _ tail: HistoryTail
    ) throws(NodeFailure) -> Exchange {
        let anchor = start.anchor
        var exchange = try start.exchange(limits: configuration.limits, keepsMarketData: true)
        let stored = tail.stored
        let fitting = UInt64(configuration.historyBound) / Self.tailShare
        let kept = max(stored, Sequence(last.raw - min(last.raw, fitting)))
        var progress = ReplayProgress(sequence: anchor.sequence, last: last, first: anchor.sequence.next)
        let replay = Replay(storage: storage, until: last, keepsUserEventsAfter: kept)
        let reached = try replay.run(&exchange, after: anchor) { (exchange, draft) throws(NodeFailure) in
            let sequence = draft.lastSequence
            if sequence > kept { tail.put(draft.finish()) }
            guard sequence.raw - progress.sequence.raw >= Self.progressStep else { return }
            progress.sequence = sequence
            configuration.onProgress(progress)
        }
        guard reached.sequence == last else {
            throw .directory(
                configuration.dataDirectory, what: "the journal ends at \(reached.sequence), not at \(last)")
        }
        tail.begin(applied: last)
        progress.sequence = last
        configuration.onProgress(progress)
        return exchange
    }

    /// Commands have several events: of the tail's bound, this part of commands fits in any case that is usual.
    private static let tailShare: UInt64 = 8
    private static let progressStep: UInt64 = 100_000

    private func checkGenesis(_ genesis: Genesis?) throws(NodeFailure) {
        guard let genesis else { throw .notBegun(directory: configuration.dataDirectory) }
        guard genesis.hasSandbox || !configuration.sandbox else {
            throw .sandboxRefused(directory: configuration.dataDirectory)
        }
    }

    // MARK: The first start

    private func tryOut(_ first: FirstStart) throws(NodeFailure) {
        guard first.commands.count <= NodeFailure.initialCommandsBound + 1 else {
            throw .tooManyInitialCommands(first.commands.count - 1)
        }
        if let (index, rejection) = first.firstRefusal(limits: configuration.limits) {
            throw .initialCommandRefused(index: index - 1, rejection)
        }
    }

    /// Journals and applies the commands that begin the exchange, all or none of them.
    private func begin(
        _ exchange: inout Exchange, _ journal: inout Journal, _ tail: HistoryTail
    ) throws(NodeFailure) {
        let first = FirstStart(configuration)
        let time = NodeClock(mode: configuration.clock, journalTime: nil).now
        do throws(JournalFailure) {
            let count = try journal.append(first.commands, at: time)
            guard count == first.commands.count else { throw .tooLarge(bytes: count, limit: count) }
            try journal.sync()
        } catch {
            throw .journal(error)
        }
        var draft = BatchDraft(keepsUserEvents: true)
        do throws(ReplayFailure) {
            try exchange.apply(first.commands.span, at: time, into: &draft)
        } catch {
            throw NodeFailure(error)
        }
        tail.put(draft.finish())
    }

    // MARK: The threads

    private func run(
        _ journal: consuming Journal, _ exchange: consuming Exchange, _ commons: Commons, _ store: HistoryStore
    ) -> Node {
        let keeper = journal.keeper
        let segments = SegmentMaker(keeper, log)
        let schedule = SnapshotSchedule(configuration, commons, storage, keeper, store)
        let writer = HistoryWriter(
            store: store, tail: commons.tail, clock: commons.clock, log: log,
            directory: { commons.directory },
            catchUp: HistoryCatchUp(storage: storage, limits: configuration.limits, log: log))
        let sequencer = Handover(
            Sequencer(journal, exchange, commons, segments, checkpointInterval: configuration.checkpointInterval))
        let threads = NodeThreads(
            writer: Worker("syncron.writer") {
                var sequencer = sequencer.take()
                sequencer.run()
                segments.close()
            },
            others: [
                Worker("syncron.segments") { segments.run() },
                Worker("syncron.history") { writer.run() },
                Worker("syncron.feed") { commons.feed.run() },
                Worker("syncron.snapshots") { schedule.run() },
            ])
        return Node(configuration, commons, store, schedule, threads)
    }
}

/// The commands that begin an exchange.
struct FirstStart {
    let commands: [Command]

    init(_ configuration: NodeConfiguration) {
        commands = [.begin(Genesis(hasSandbox: configuration.sandbox))] + configuration.initialCommands
    }

    /// The first command that an exchange would refuse, and why.
    func firstRefusal(limits: Limits) -> (index: Int, rejection: Rejection)? {
        var exchange = Engine(limits: limits)
        var events: [Event] = []
        for (index, command) in commands.enumerated() {
            let stamp = Stamp(sequence: exchange.sequence.next, time: .zero)
            exchange.apply(command, at: stamp, into: &events)
            if case .rejected(let rejection)? = events.last { return (index, rejection) }
            events.removeAll(keepingCapacity: true)
        }
        return nil
    }
}
