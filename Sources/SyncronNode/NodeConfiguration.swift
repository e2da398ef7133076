import Foundation
import Logging
import SyncronCore
import SyncronJournal

/// How a node is to be started.
public struct NodeConfiguration: Sendable {
    /// Where everything lies; made when it is not there.
    public var dataDirectory: String
    public var clock = ClockMode.system
    /// Whether test money may be made. Recorded at the first start; a directory begun without it stays without it.
    public var sandbox = false
    /// What a first start defines, behind the command that begins the exchange; at most 4,000 commands. They are tried
    /// out before anything is written.
    public var initialCommands: [Command] = []
    public var limits = Limits()
    /// Requests that may wait for the writer.
    public var inboxCapacity = 65_536
    /// Bytes of one segment of the journal.
    public var segmentBytes = 64 << 20
    /// How long a segment is kept at least once two snapshots and the history have passed it; nil keeps all segments,
    /// unless the sandbox is on, where passed ones go at once.
    public var journalRetention: Duration?
    /// Commands between snapshots; 0 makes them only when asked.
    public var snapshotInterval: UInt64 = 500_000
    /// The program that makes snapshots when it is called with `snapshotter --data DIR --until SEQ`; nil for a thread
    /// of this process.
    public var snapshotter: String?
    /// Events and commands that may wait for the history in memory.
    public var historyBound = 200_000
    /// How long who asks the history waits until it has caught up.
    public var historyPatience = Duration.seconds(5)
    /// Commands between two digests of the state in the journal.
    public var checkpointInterval: UInt64 = 10_000
    /// Where the journal and the snapshots lie, given the data directory: in its file system, unless a test or another
    /// log has them elsewhere.
    public var makeStorage: @Sendable (String) throws(JournalFailure) -> any Storage = {
        (directory) throws(JournalFailure) in try FileStorage(directory: directory)
    }
    /// Told about the recovery while `Node.start` is at it.
    public var onProgress: @Sendable (ReplayProgress) -> Void = { _ in }
    /// Called when the node must not go on: by default it says why and ends the process at once, with status 70. When
    /// it returns, the node answers everything with `stopping`.
    public var onFatal: @Sendable (String) -> Void = NodeConfiguration.endProcess
    public var log = Logger(label: "syncron.node")

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    /// Says why on standard error and ends the process without running anything else of it.
    public static let endProcess: @Sendable (String) -> Void = { message in
        FileHandle.standardError.write(Data("syncron: fatal: \(message)\n".utf8))
        _exit(70)
    }
}

/// How far commands of the journal have been applied again.
public struct ReplayProgress: Sendable, Hashable {
    /// The last command applied.
    public var sequence: Sequence
    /// The last one there is to apply.
    public var last: Sequence
    /// Where the replay began: the command after the snapshot's.
    public var first: Sequence
}
