import SyncronCore

/// One applied command and where its events stand in its batch.
public struct AppliedCommand: Sendable, Hashable {
    public var stamp: Stamp
    public var events: Range<Int>
}

/// Commands that became durable together, and what happened because of them. Never empty.
public final class AppliedBatch: Sendable {
    /// In the journal's order.
    public let commands: [AppliedCommand]
    /// The events of all commands, one after the other.
    public let events: [Event]
    /// What the commands told the accounts, in order.
    public let userEvents: [NumberedUserEvent]

    init(commands: [AppliedCommand], events: [Event], userEvents: [NumberedUserEvent]) {
        precondition(!commands.isEmpty, "a batch holds a command at least")
        self.commands = commands
        self.events = events
        self.userEvents = userEvents
    }

    public var firstSequence: Sequence { commands[0].stamp.sequence }
    public var lastSequence: Sequence { commands[commands.count - 1].stamp.sequence }
    /// All commands of a batch are stamped with one time.
    public var time: Timestamp { commands[0].stamp.time }

    /// What the batch weighs in a bounded queue.
    var weight: Int { events.count + commands.count }
}

/// What a command came to: durable and applied.
public struct Outcome: Sendable, Hashable {
    public let stamp: Stamp
    /// In the order in which they happened; `rejected` alone for a refused command.
    public let events: ArraySlice<Event>

    /// Why the command was refused; nil when it was not.
    public var rejection: Rejection? {
        guard case .rejected(let rejection)? = events.first else { return nil }
        return rejection
    }
}
