import Foundation
import Logging
import SyncronCore
import SyncronJournal

/// Makes a snapshot with an exchange of its own that follows the journal, so that the live one never stops for it, and
/// every snapshot proves that the same commands lead to the same state.
public enum SnapshotWorker {
    /// What the hidden command of the program runs, in a process of its own: prints the sequence and the digest.
    /// Returns the exit status.
    public static func main(dataDirectory: String, until: Sequence) -> Int32 {
        // Trading comes first.
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19)
        do throws(NodeFailure) {
            let info = try run(dataDirectory: dataDirectory, until: until)
            print("\(info.sequence) \(info.digest)")
            return 0
        } catch {
            FileHandle.standardError.write(Data("syncron: \(error)\n".utf8))
            return 1
        }
    }

    /// Replays the journal up to `until`, the last command of a batch, and writes the snapshot of that state.
    @discardableResult
    public static func run(
        dataDirectory: String, until: Sequence, limits: Limits = Limits()
    ) throws(NodeFailure) -> (sequence: Sequence, digest: StateDigest) {
        let log = Logger(label: "syncron.snapshot") { StreamLogHandler.standardError(label: $0) }
        let storage = FileStorage(reading: dataDirectory)
        let info = try run(
            storage, lockedBy: dataDirectory + "/snapshot.lock", until: until, limits: limits, log)
        return (info.sequence, info.digest)
    }

    static func run(
        _ storage: any Storage, lockedBy lockPath: String, until: Sequence, limits: Limits, _ log: Logger
    ) throws(NodeFailure) -> SnapshotInfo {
        // What a node before this one started may still be at it, and two would write the same file.
        let lock = try FileLock(lockPath)
        defer { lock.release() }
        let start = try RecoveryStart.find(in: storage, notAfter: until, log)
        var anchor = start.anchor
        var exchange = try start.exchange(limits: limits, keepsMarketData: true)
        if anchor.sequence < until {
            let replay = Replay(storage: storage, mode: .growing, until: until)
            anchor = try replay.run(&exchange, after: anchor) { (_, _) throws(NodeFailure) in }
        }
        guard anchor.sequence == until else {
            throw .snapshotFailed(
                what: "no batch ends at sequence \(until), the last one before ends at \(anchor.sequence)")
        }
        do throws(JournalFailure) {
            return try exchange.write(to: SnapshotStore(storage: storage), chain: anchor.hash)
        } catch {
            throw .journal(error)
        }
    }
}
