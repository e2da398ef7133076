import Synchronization
import SyncronCore

/// Second factors that are being set up, and which codes have been used. In memory: who sets one up during a restart
/// begins again.
final class SecondFactors: Sendable {
    private struct State {
        var pending: [AccountID: Pending] = [:]
        /// The step of the newest code that each account used: a code opens once.
        var usedSteps: [AccountID: Int64] = [:]
    }

    private struct Pending {
        var code: OneTimeCode
        var expiresAt: Int64
    }

    private let state = Mutex(State())
    private let clock: @Sendable () -> Int64

    /// How long setting one up may take, in milliseconds.
    static let patience: Int64 = 600_000
    /// How many may be under way at one time.
    static let capacity = 10_000

    /// `clock`: milliseconds since 1970, the real time.
    init(clock: @escaping @Sendable () -> Int64 = WallClock.milliseconds) { self.clock = clock }

    /// A fresh secret, to be confirmed by its first code. Nil when too many are under way.
    func begin(_ account: AccountID) -> OneTimeCode? {
        let now = clock()
        return state.withLock { state in
            if state.pending.count >= Self.capacity {
                state.pending = state.pending.filter { $0.value.expiresAt > now }
            }
            guard state.pending.count < Self.capacity || state.pending[account] != nil else { return nil }
            let code = OneTimeCode.fresh()
            state.pending[account] = Pending(code: code, expiresAt: now + Self.patience)
            return code
        }
    }

    /// The secret that waits for its first code; nil when none does.
    func pending(_ account: AccountID) -> OneTimeCode? {
        let now = clock()
        return state.withLock { state in
            guard let pending = state.pending[account], pending.expiresAt > now else { return nil }
            return pending.code
        }
    }

    func finish(_ account: AccountID) { state.withLock { $0.pending[account] = nil } }

    /// Whether `text` is a code of the secret that has not been used. It is used from now on.
    func use(_ text: String, of code: OneTimeCode, _ account: AccountID) -> Bool {
        let now = clock()
        return state.withLock { state in
            guard let step = code.step(of: text, at: now, after: state.usedSteps[account]) else { return false }
            state.usedSteps[account] = step
            return true
        }
    }
}
