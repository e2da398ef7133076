import SyncronCore
import SyncronJournal

/// Reads and decodes the journal on a thread of its own, a bounded stretch ahead of who applies it.
final class JournalPipeline: Sendable {
    /// Batches that follow each other, and where the journal stands behind them.
    struct Chunk: Sendable {
        var batches: [Batch] = []
        var end: ChainAnchor
    }

    private struct State {
        var chunks: [Chunk] = []
        /// Set when nothing more is read.
        var result: Result<Void, JournalFailure>?
        var isCancelled = false
    }

    private let state = Monitor(State())
    private static let chunkCommands = 4_096
    private static let chunksAhead = 8

    /// Begins to read behind `anchor`, up to `limit` or to the end.
    init(_ storage: any Storage, after anchor: ChainAnchor, mode: JournalReader.Mode, limit: Sequence?) {
        _ = Worker("syncron.reader") { [self] in
            var reader = JournalReader(storage: storage, after: anchor, mode: mode)
            reader.limit = limit
            let result: Result<Void, JournalFailure>
            do throws(JournalFailure) {
                while let chunk = try Self.chunk(from: &reader), put(chunk) {}
                result = .success(())
            } catch {
                result = .failure(error)
            }
            state.change { $0.result = result }
        }
    }

    /// The next batches; nil at the end. Blocks until there are some.
    func next() throws(JournalFailure) -> Chunk? {
        let answer = state.wait { state -> Result<Chunk?, JournalFailure>? in
            if !state.chunks.isEmpty { return .success(state.chunks.removeFirst()) }
            return state.result?.map { nil }
        }
        state.wakeAll()
        return try answer?.get()
    }

    /// Stops reading ahead: nobody will ask for more.
    func cancel() { state.change { $0.isCancelled = true } }

    private static func chunk(from reader: inout JournalReader) throws(JournalFailure) -> Chunk? {
        var chunk = Chunk(end: .start)
        var commands = 0
        while commands < chunkCommands, let batch = try reader.next() {
            commands += batch.commands.count
            chunk.batches.append(batch)
        }
        guard let position = reader.position, !chunk.batches.isEmpty else { return nil }
        chunk.end = position
        return chunk
    }

    /// Waits until there is room; false when reading shall stop.
    private func put(_ chunk: Chunk) -> Bool {
        let isWanted = state.wait { state -> Bool? in
            if state.isCancelled { return false }
            guard state.chunks.count < Self.chunksAhead else { return nil }
            state.chunks.append(chunk)
            return true
        }
        state.wakeAll()
        return isWanted ?? false
    }
}
