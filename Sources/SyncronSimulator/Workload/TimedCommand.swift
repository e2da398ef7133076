import SyncronCore

/// A command and the time it is stamped with.
public struct TimedCommand: Sendable, Hashable {
    public var command: Command
    public var time: Timestamp

    public init(_ command: Command, at time: Timestamp) {
        self.command = command
        self.time = time
    }
}

extension TimedCommand: CustomStringConvertible {
    public var description: String { "@\(time.milliseconds) \(command)".shortened }
}

extension String {
    /// Without what Swift's descriptions of our values repeat.
    var shortened: String {
        replacing("SyncronCore.", with: "").replacing("(raw: ", with: "(").replacing("(milliseconds: ", with: "(")
            .replacing("ClientOrderID(words: (0, 0, 0, 0), tail: 0, length: 0)", with: "none")
    }
}
