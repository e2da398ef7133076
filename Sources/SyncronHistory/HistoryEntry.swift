import SyncronCore

/// What one command of the journal left behind, as the history takes it.
public struct HistoryEntry: Sendable, Hashable {
    public var stamp: Stamp
    /// All events of the command, in order. Those that leave no row are passed over.
    public var events: ArraySlice<Event>
    /// What the command told its accounts, in order.
    public var userEvents: ArraySlice<StoredUserEvent>

    public init(stamp: Stamp, events: ArraySlice<Event>, userEvents: ArraySlice<StoredUserEvent> = []) {
        self.stamp = stamp
        self.events = events
        self.userEvents = userEvents
    }

    public init(stamp: Stamp, events: [Event], userEvents: [StoredUserEvent] = []) {
        self.init(stamp: stamp, events: events[...], userEvents: userEvents[...])
    }
}

/// One event of an account's stream. The history does not look into its bytes.
public struct StoredUserEvent: Sendable, Hashable {
    public var account: AccountID
    /// The account's own count, from 1 without gaps.
    public var seq: UInt64
    public var stamp: Stamp
    public var body: [UInt8]

    public init(account: AccountID, seq: UInt64, stamp: Stamp, body: [UInt8]) {
        self.account = account
        self.seq = seq
        self.stamp = stamp
        self.body = body
    }
}
