/// Why the node takes no command or answers no question right now. Nothing was accepted; trying later may work.
public enum Unavailable: Error, Sendable, Hashable, CustomStringConvertible {
    /// As many wait already as may.
    case inboxFull
    /// The node is being stopped, or has been.
    case stopping
    /// There is no space on the disk for the journal to go on.
    case noSpace
    /// The history is too far behind.
    case historyBehind
    /// The clock is the system's and cannot be set.
    case notManual

    public var description: String {
        switch self {
        case .inboxFull: "too many commands are waiting"
        case .stopping: "the exchange is stopping"
        case .noSpace: "there is no space for the journal"
        case .historyBehind: "the history is catching up"
        case .notManual: "the clock is the system's"
        }
    }
}
