import SyncronCore

/// What was made durable by one sync: commands that follow each other, all of one time.
public struct Batch: Hashable, Sendable {
    public var info: BatchInfo
    public var commands: [Command]

    public var firstSequence: Sequence { info.firstSequence }
    public var lastSequence: Sequence { info.lastSequence }
    public var time: Timestamp { info.time }

    public init(info: BatchInfo, commands: [Command]) {
        self.info = info
        self.commands = commands
    }
}

/// A batch without its commands.
public struct BatchInfo: Hashable, Sendable {
    public var firstSequence: Sequence
    /// At least 1.
    public var count: Int
    public var time: Timestamp
    /// The version of the rules that the commands were accepted by.
    public var rules: UInt32

    public init(firstSequence: Sequence, count: Int, time: Timestamp, rules: UInt32) {
        self.firstSequence = firstSequence
        self.count = count
        self.time = time
        self.rules = rules
    }

    public var lastSequence: Sequence { Sequence(firstSequence.raw + UInt64(count) - 1) }
}
