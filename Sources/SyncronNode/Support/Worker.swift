import Foundation

/// A named thread that can be waited for.
final class Worker: Sendable {
    private let isDone = Monitor(false)

    /// Starts `body` on a thread of its own.
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let isDone = isDone
        let thread = Thread {
            Thread.current.name = String(name.prefix(Self.longestName))
            body()
            isDone.change { $0 = true }
        }
        thread.start()
    }

    /// What Linux takes of a thread's name.
    private static let longestName = 15

    /// Blocks until the body has returned.
    func join() {
        _ = isDone.wait { $0 ? true : nil }
    }
}

/// Runs `body`, which may block, on a thread of its own, so that no thread of the cooperative pool waits for it.
func offPool<R: Sendable>(_ name: String, _ body: @escaping @Sendable () -> R) async -> R {
    await withUnsafeContinuation { continuation in
        _ = Worker(name) { continuation.resume(returning: body()) }
    }
}

/// Carries a value that cannot be copied from the thread that made it to the thread that will own it.
final class Handover<Value: ~Copyable>: @unchecked Sendable {
    private var value: Value?

    init(_ value: consuming Value) { self.value = consume value }

    /// To be called once, on the receiving thread.
    func take() -> Value {
        guard let value = value.take() else { preconditionFailure("taken twice") }
        return value
    }
}
