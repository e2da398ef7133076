import Synchronization
import SyncronCore
import SyncronNode

/// Simulated traders that keep a live-looking book and tape in the spot markets of a sandbox.
///
/// They use ordinary accounts and ordinary commands, through the same door as everyone. Once the books stand they
/// send fewer than twenty commands a second over all markets. They find their accounts and orders again after a
/// restart, and wait when the exchange has no room for them.
public final class Sandbox: Sendable {
    private let door: any ExchangeDoor
    private let seed: UInt64
    private let pause: TradingFloor.Pause
    private let work = Mutex<Task<Void, Never>?>(nil)

    /// Nothing happens before `start`.
    public convenience init(node: Node, seed: UInt64) {
        self.init(door: node, seed: seed) { try await Task.sleep(for: $0) }
    }

    /// `pause` is how the traders wait: for real, or as a test has it.
    init(door: any ExchangeDoor, seed: UInt64, pause: @escaping TradingFloor.Pause) {
        self.door = door
        self.seed = seed
        self.pause = pause
    }

    deinit { work.withLock { $0?.cancel() } }

    /// Lets the traders trade. A second call does nothing.
    public func start() {
        work.withLock { task in
            guard task == nil else { return }
            task = Task { [door, seed, pause] in await Self.run(door, seed, pause) }
        }
    }

    /// Ends the trading and returns when no more commands can come. Orders stay where they are.
    public func stop() async {
        let task = work.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
    }

    /// Trades until it is cancelled or the exchange stops.
    static func run(_ door: any ExchangeDoor, _ seed: UInt64, _ pause: @escaping TradingFloor.Pause) async {
        var patience = Patience()
        var floor: TradingFloor?
        while !Task.isCancelled {
            do {
                if floor == nil { floor = try await TradingFloor(door, seed: seed, pause: pause) }
                if let report = try await floor?.round(), report.sent == 0 || report.refused < report.sent {
                    patience.recover()
                } else {
                    try await pause(patience.nextWait())
                }
            } catch is CancellationError {
                return
            } catch Unavailable.stopping {
                return
            } catch {
                // No room, a market taken away, an account that cannot be opened: all of it may pass.
                guard (try? await pause(patience.nextWait())) != nil else { return }
            }
        }
    }
}

/// How long to wait before trying again: twice as long each time, up to half a minute.
private struct Patience {
    private var seconds: Int64 = 1

    mutating func nextWait() -> Duration {
        defer { seconds = min(30, seconds * 2) }
        return .seconds(seconds)
    }

    mutating func recover() { seconds = 1 }
}
