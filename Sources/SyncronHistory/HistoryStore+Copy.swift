import GRDB
import SyncronCore

extension HistoryStore {
    /// Copies the file at `path` as it stands at one moment, also while an exchange writes it, to a new file.
    /// Returns the last command that the copy holds.
    ///
    /// - Throws: `HistoryFailure`.
    public static func copy(_ path: String, to target: String) throws(HistoryFailure) -> Sequence {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            let (from, to) = (
                try DatabaseQueue(path: path, configuration: configuration), try DatabaseQueue(path: target)
            )
            try from.backup(to: to)
            try from.close()
            let sequence = try to.read { try Progress.read(from: $0).sequence }
            try to.close()
            return sequence
        } catch {
            throw HistoryFailure(error, path: path)
        }
    }
}
