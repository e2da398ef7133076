import SyncronCore
import SyncronJournal

/// Applies what the journal holds again, through the same code that applied it the first time.
struct Replay: Sendable {
    var storage: any Storage
    var mode = JournalReader.Mode.settled
    /// Where to end; nil for the journal's end. Of a journal that grows nothing behind it is read, and it must be the
    /// last command of a batch.
    var until: Sequence?
    /// Of batches that end behind this command, the user events are made; of the others they are counted only.
    var keepsUserEventsAfter = Sequence(.max)

    /// Applies everything behind `anchor`, where `exchange` stands, and returns where it stands then. `visit` is called
    /// for each batch with what happened, which it may take over.
    func run(
        _ exchange: inout Exchange, after anchor: ChainAnchor,
        visit: (borrowing Exchange, inout BatchDraft) throws(NodeFailure) -> Void
    ) throws(NodeFailure) -> ChainAnchor {
        let limit = mode == .growing ? until : nil
        let pipeline = JournalPipeline(storage, after: anchor, mode: mode, limit: limit)
        defer { pipeline.cancel() }
        var draft = BatchDraft(keepsUserEvents: false)
        var reached = anchor
        while let chunk = try next(of: pipeline) {
            for batch in chunk.batches {
                if let until, batch.firstSequence > until { return reached }
                guard batch.info.rules == Genesis.currentRules else {
                    throw .otherRules(batch.info.rules, from: batch.firstSequence)
                }
                draft.clear(keepsUserEvents: batch.lastSequence > keepsUserEventsAfter)
                try apply(batch, to: &exchange, &draft)
                try visit(exchange, &draft)
            }
            reached = chunk.end
        }
        return reached
    }

    private func next(of pipeline: JournalPipeline) throws(NodeFailure) -> JournalPipeline.Chunk? {
        do throws(JournalFailure) { return try pipeline.next() } catch { throw .journal(error) }
    }

    private func apply(
        _ batch: borrowing Batch, to exchange: inout Exchange, _ draft: inout BatchDraft
    ) throws(NodeFailure) {
        do throws(ReplayFailure) {
            let wanted = until.map { Int(clamping: $0.raw - batch.firstSequence.raw + 1) } ?? .max
            try exchange.apply(
                batch.commands.span.extracting(first: min(wanted, batch.commands.count)), at: batch.time, into: &draft)
        } catch {
            throw NodeFailure(error)
        }
    }
}

extension NodeFailure {
    init(_ failure: ReplayFailure) {
        switch failure {
        case .diverged(let sequence, let journaled, let computed):
            self = .diverged(at: sequence, journaled: journaled, computed: computed)
        case .otherRules(let rules, let sequence):
            self = .otherRules(rules, from: sequence)
        }
    }
}
