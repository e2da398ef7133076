import NIOCore
import SyncronCore
import SyncronNode

/// The user stream of one connection.
final class UserStream {
    let account: AccountID
    var replay: UserReplay
    /// Whether a page of missed events is on its way.
    var isReading = false

    init(account: AccountID, from firstSeq: UInt64?, bound: Int) {
        self.account = account
        replay = UserReplay(from: firstSeq, bound: bound)
    }
}

/// A page of an account's events as frames.
struct UserEventFrames: Sendable {
    /// As in `UserStreamPage`.
    var firstSeq: UInt64
    var events: [(seq: UInt64, frame: ByteBuffer)]
    /// As in `UserStreamPage`.
    var lastSeq: UInt64

    init(firstSeq: UInt64, events: [(seq: UInt64, frame: ByteBuffer)], lastSeq: UInt64) {
        self.firstSeq = firstSeq
        self.events = events
        self.lastSeq = lastSeq
    }

    init(_ page: UserStreamPage, _ directory: Directory) {
        self.init(
            firstSeq: page.firstSeq, events: page.events.map { ($0.seq, Self.frame($0, directory)) },
            lastSeq: page.lastSeq)
    }

    static func frame(_ event: NumberedUserEvent, _ directory: Directory) -> ByteBuffer {
        var frames = TextFrames()
        frames.append { $0.userEvent(event, directory) }
        return frames.bytes
    }

    static func resync(firstSeq: UInt64) -> ByteBuffer {
        var frames = TextFrames()
        frames.append { $0.resync(firstSeq: firstSeq) }
        return frames.bytes
    }
}
