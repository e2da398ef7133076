import SyncronCore
import SyncronJournal

/// The one writer. It owns the journal and the engine as plain values on a thread of its own; everything that happens
/// to the exchange goes through here, in one order:
///
/// what arrived → stamped and appended → synced → applied → views folded → answered.
///
/// Nothing is applied before it is durable, and nothing leaves before it is applied. What arrives while one batch is
/// being synced is the next batch.
struct Sequencer: ~Copyable {
    private var journal: Journal
    private var exchange: Exchange
    private let commons: Commons
    /// Commands between two digests of the state in the journal.
    private let checkpointInterval: UInt64

    /// The batch in the making: the node's own commands, then those that somebody waits for.
    private var commands: [Command] = []
    private var ownCount = 0
    private var replies: [PendingReply] = []
    private var inspections: [Inspection] = []
    private var draft = BatchDraft(keepsUserEvents: true)

    private var lastCheckpoint: Sequence
    /// Makes segments ahead of this thread.
    private let segments: SegmentMaker
    /// When to look again for space that the journal did not find; nil while it has some.
    private var nextLookForSpace: MonotonicTime?
    /// When to try again what only the node itself wants, and could not be taken.
    private var nextOwnTry = MonotonicTime.now

    private struct PendingReply {
        var reply: Reply
        var since: MonotonicTime
    }

    /// Commands of one batch, the node's own not counted.
    private static let batchLimit = 4_096
    /// Where so many requests came together, others are on their way: gathering more of them spares syncs.
    private static let busyBatch = 4
    private static let spaceRetry = Duration.seconds(1)
    private static let ownRetry = Duration.milliseconds(100)
    /// What the history may take to store a part of what it is behind.
    private static let historyPatience = Duration.seconds(10)
    /// The longest sleep while something waits for its time: the wall clock may be set meanwhile.
    private static let longestSleep: Int64 = 1_000

    init(
        _ journal: consuming Journal, _ exchange: consuming Exchange, _ commons: Commons, _ segments: SegmentMaker,
        checkpointInterval: UInt64
    ) {
        lastCheckpoint = exchange.engine.sequence
        self.journal = journal
        self.exchange = exchange
        self.commons = commons
        self.segments = segments
        self.checkpointInterval = checkpointInterval
    }

    /// Works until the inbox is closed and empty, or until the node must not go on.
    mutating func run() {
        var taken: [Request] = []
        var isBusy = false
        while !commons.isFailed, commons.inbox.take(into: &taken, until: nextWakeUp(), gathers: isBusy) {
            isBusy = taken.count >= Self.busyBatch
            for request in taken { accept(request) }
            taken.removeAll(keepingCapacity: true)
            settle()
        }
        refuseWhatIsLeft()
    }

    // MARK: Gathering

    private mutating func accept(_ request: Request) {
        switch request {
        case .command(let command, let reply, let since):
            commands.append(command)
            replies.append(PendingReply(reply: reply, since: since))
            if replies.count >= Self.batchLimit { settle() }
        case .inspect(let inspection):
            // It sees what was asked for before it. The batch is not torn apart for it: it runs behind the batch.
            inspections.append(inspection)
        case .advance(let milliseconds, let reply):
            settle()
            guard commons.clock.mode == .manual else { return reply.refuse(.notManual) }
            let time = commons.clock.now + milliseconds
            // It is answered when everything due is done, however many steps that takes.
            if let why = passDue(until: time) { return reply.refuse(why) }
            commands.append(.tick)
            replies.append(PendingReply(reply: reply, since: .now))
            commit(at: time)
        }
    }

    /// Brings the gathered commands to their end, then answers the questions.
    private mutating func settle() {
        let now = commons.clock.now
        if !commands.isEmpty {
            commit(at: now)
        } else if isTickDue(at: now) && nextOwnTry <= .now {
            commit(at: nextPassage(until: now))
        }
        if nextLookForSpace != nil { _ = hasSpace() }
        for inspection in inspections { inspection.run(exchange, commons.clock.now) }
        inspections.removeAll(keepingCapacity: true)
    }

    /// How much time one command passes at most: so that what a long absence brings is not one endless batch.
    private static let longestPassage: Int64 = 3_600_000

    private func nextPassage(until time: Timestamp) -> Timestamp {
        let furthest = exchange.engine.nextDue + Self.longestPassage
        return max(exchange.engine.now, min(time, furthest, exchange.engine.nextAppointment))
    }

    /// Ticks until nothing is due before a time any more, while nothing else is gathered. A history that falls behind
    /// is waited for, before each tick and at the end. Returns why time stopped before; what is passed stays passed.
    private mutating func passDue(until time: Timestamp) -> Unavailable? {
        while commons.tail.waitForRoom(until: .now + Self.historyPatience) {
            guard isTickDue(at: time) else { return nil }
            let known = exchange.engine.sequence
            commit(at: nextPassage(until: time))
            guard exchange.engine.sequence != known else { return refusal() ?? .noSpace }
        }
        return .historyBehind
    }

    private func isTickDue(at time: Timestamp) -> Bool { exchange.engine.nextDue <= time }

    // MARK: The one way

    private mutating func commit(at time: Timestamp) {
        if let refusal = refusal() { return refuseAll(refusal) }
        addOwnCommands(at: time)
        // One round, unless the commands are too long for one batch.
        while !commands.isEmpty {
            guard let count = makeDurable(at: time), let batch = apply(count, at: time) else { return }
            publish(batch)
            answer(batch)
        }
    }

    /// Why nothing can be taken for now.
    private mutating func refusal() -> Unavailable? {
        if commons.isFailed { return .stopping }
        if !hasSpace() { return .noSpace }
        if commons.tail.isFull { return .historyBehind }
        return nil
    }

    /// Whether the next batch has a place for certain.
    private mutating func hasSpace() -> Bool {
        if journal.needsSegment { segments.request() }
        if !journal.hasRoom {
            if let nextLookForSpace, nextLookForSpace > .now { return false }
            do {
                // The segment maker may only be late: this waits for it.
                try journal.prepareNextSegment()
            } catch {
                if !error.isNoSpace { fail("the journal cannot be prolonged: \(error)") }
                if nextLookForSpace == nil { commons.log.error("no new commands are taken: \(error)") }
                nextLookForSpace = MonotonicTime.now + Self.spaceRetry
                commons.isOutOfSpace = true
                return false
            }
        }
        if nextLookForSpace != nil { commons.log.notice("there is space again, commands are taken") }
        nextLookForSpace = nil
        commons.isOutOfSpace = false
        return true
    }

    /// The state's digest when it is time for one, and time itself when something waits for it, before all others.
    private mutating func addOwnCommands(at time: Timestamp) {
        var own: [Command] = []
        if exchange.engine.sequence.raw - lastCheckpoint.raw >= checkpointInterval {
            own.append(.checkpoint(exchange.engine.digest))
            lastCheckpoint = exchange.engine.sequence.next
        }
        if isTickDue(at: time), commands.first != .tick { own.append(.tick) }
        ownCount = own.count
        if !own.isEmpty { commands.insert(contentsOf: own, at: 0) }
    }

    /// Appends and syncs, and returns how many of the commands that was. Nil when it could not be done, in which case
    /// everything is answered.
    private mutating func makeDurable(at time: Timestamp) -> Int? {
        let count: Int
        do {
            count = try journal.append(commands, at: time)
        } catch {
            if error.isNoSpace {
                refuseAll(.noSpace)
            } else {
                fail("the journal cannot be written, and what was written of it is unknown: \(error)")
            }
            return nil
        }
        let start = MonotonicTime.now
        do {
            try journal.sync()
        } catch {
            fail("the journal cannot be synced, and nothing may follow an unsynced write: \(error)")
            return nil
        }
        commons.metrics.journalSync.record(MonotonicTime.now.since(start))
        commons.durableSequence = journal.lastSequence
        commons.clock.reach(time)
        return count
    }

    /// Applies the first `count` commands. Nil when the node must not go on.
    private mutating func apply(_ count: Int, at time: Timestamp) -> AppliedBatch? {
        let start = MonotonicTime.now
        if let failure = applyFirst(count, at: time) {
            fail("\(failure)")
            return nil
        }
        commons.metrics.engineApply.record(MonotonicTime.now.since(start))
        return draft.finish()
    }

    private mutating func applyFirst(_ count: Int, at time: Timestamp) -> ReplayFailure? {
        // A span of the property itself would hold on to all of `self`.
        let commands = commands
        do {
            try exchange.apply(commands.span.extracting(first: count), at: time, into: &draft)
            return nil
        } catch {
            return error
        }
    }

    /// Shows the batch to all who look. After it, whoever asks sees what it changed.
    private mutating func publish(_ batch: AppliedBatch) {
        if exchange.directoryHasChanged {
            commons.directory = Directory(exchange.directory)
            exchange.directoryHasChanged = false
        }
        commons.tail.put(batch)
        commons.feed.put(batch)
        commons.appliedSequence = batch.lastSequence
        commons.metrics.batchSize.record(UInt64(batch.commands.count))
        commons.metrics.commands.add(UInt64(batch.commands.count))
        commons.metrics.events.add(UInt64(batch.events.count))
    }

    // MARK: Answering

    /// Answers those commands of the batch that somebody waits for, and forgets the batch.
    private mutating func answer(_ batch: AppliedBatch) {
        let now = MonotonicTime.now
        let (own, ack) = (ownCount, commons.metrics.ack)
        let count = batch.commands.count - own
        answer(first: count) { index, pending in
            ack.record(now.since(pending.since))
            let command = batch.commands[own + index]
            return .success(Outcome(stamp: command.stamp, events: batch.events[command.events]))
        }
        commands.removeFirst(batch.commands.count)
        replies.removeFirst(count)
        ownCount = 0
    }

    /// Answers everything gathered and forgets it.
    private mutating func refuseAll(_ why: Unavailable) {
        let metrics = commons.metrics
        answer(first: replies.count) { _, _ in
            metrics.count(why)
            return .failure(why)
        }
        commands.removeAll(keepingCapacity: true)
        replies.removeAll(keepingCapacity: true)
        ownCount = 0
        nextOwnTry = MonotonicTime.now + Self.ownRetry
    }

    private func answer(first count: Int, _ result: (Int, PendingReply) -> Result<Outcome, Unavailable>) {
        var sinks: [any ReplySink] = []
        for index in 0..<count {
            let result = result(index, replies[index])
            switch replies[index].reply {
            case .callback(let callback):
                callback(result)
            case .sink(let sink, let token):
                sink.complete(token, result)
                if !sinks.contains(where: { $0 === sink }) { sinks.append(sink) }
            }
        }
        for sink in sinks { sink.batchEnded() }
    }

    // MARK: Waiting and ending

    /// When to wake up though nothing arrives: when something is due.
    private func nextWakeUp() -> MonotonicTime {
        let due = exchange.engine.nextDue
        let now = commons.clock.now
        if due <= now { return nextOwnTry }
        guard commons.clock.mode == .system, due != .never else { return .distantFuture }
        return .now + .milliseconds(min(due.milliseconds - now.milliseconds, Self.longestSleep))
    }

    private mutating func fail(_ message: String) {
        commons.fail(message)
        refuseAll(.stopping)
    }

    private mutating func refuseWhatIsLeft() {
        for inspection in inspections { inspection.refuse(.stopping) }
        var left: [Request] = []
        commons.inbox.close(.stopping)
        while commons.inbox.take(into: &left, until: .distantFuture) {
            for request in left { request.refuse(.stopping) }
            left.removeAll()
        }
    }
}
