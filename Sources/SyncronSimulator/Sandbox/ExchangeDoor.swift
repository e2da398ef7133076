import SyncronCore
import SyncronNode

/// What simulated traders need of an exchange: the door that everyone's commands go through, and a look inside.
protocol ExchangeDoor: Sendable {
    /// What came of `command`, once that is durable.
    func perform(_ command: Command) async throws(Unavailable) -> [Event]
    func query<R: Sendable>(
        _ body: @escaping @Sendable (borrowing Engine, Timestamp) -> R
    ) async throws(Unavailable) -> R
}

extension Node: ExchangeDoor {
    func perform(_ command: Command) async throws(Unavailable) -> [Event] { Array(try await submit(command).events) }
}

extension [Event] {
    /// Why the command was refused, if it was.
    var rejection: Rejection? {
        if case .rejected(let rejection)? = first { rejection } else { nil }
    }
}

/// The exchange refused something that the sandbox cannot do without.
public struct SandboxFailure: Error, CustomStringConvertible {
    public let what: String
    public let rejection: Rejection

    public var description: String { "the sandbox cannot \(what): \(rejection)" }
}
