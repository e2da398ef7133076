import NIOCore

/// Something that happens on a user stream, in order.
enum UserStreamItem: Sendable {
    /// The event of that number, as a frame.
    case event(seq: UInt64, ByteBuffer)
    /// The stream ends here.
    case end(StreamClosing)
}

/// How a user stream gets from what was missed to what happens now: events that happen during the replay are held
/// back until it is through, and those that came both ways are sent once.
///
/// A client that does not ask for missed events starts live.
struct UserReplay: ~Copyable {
    private enum Phase {
        /// Pages of missed events are being read; `held` happened meanwhile.
        case replaying(held: [UserStreamItem], heldBytes: Int)
        case live
    }

    enum Step {
        case write(ByteBuffer)
        case close(StreamClosing)
        case nothing
    }

    private var phase: Phase
    /// The first event to be sent; all before it were sent or are not wanted.
    private(set) var next: UInt64
    private let bound: Int

    /// `firstSeq`: the first event that the client wants, nil for what happens from now on. `bound`: bytes that may be
    /// held back.
    init(from firstSeq: UInt64?, bound: Int) {
        next = firstSeq ?? 0
        phase = firstSeq == nil ? .live : .replaying(held: [], heldBytes: 0)
        self.bound = bound
    }

    var isReplaying: Bool {
        if case .replaying = phase { true } else { false }
    }

    /// Something happened.
    mutating func happened(_ item: UserStreamItem) -> Step {
        switch phase {
        case .live: return live(item)
        case .replaying(var held, var heldBytes):
            if case .event(let seq, let frame) = item {
                guard seq >= next else { return .nothing }
                heldBytes += frame.readableBytes
            }
            phase = .live
            guard heldBytes <= bound else { return .close(.replayOverflow) }
            held.append(item)
            phase = .replaying(held: held, heldBytes: heldBytes)
            return .nothing
        }
    }

    private mutating func live(_ item: UserStreamItem) -> Step {
        switch item {
        case .event(let seq, let frame):
            guard seq >= next else { return .nothing }
            next = seq + 1
            return .write(frame)
        case .end(let closing): return .close(closing)
        }
    }

    /// A page of missed events was read from `next` on. Returns what is to be written now; when `isReplaying` still
    /// holds after it, another page is to be read. Nil when the reading makes no progress.
    mutating func read(_ page: UserEventFrames) -> [UserStreamItem]? {
        guard case .replaying(let held, _) = phase else { return nil }
        var items: [UserStreamItem] = []
        if page.firstSeq > next {
            next = page.firstSeq
            items.append(.event(seq: next, UserEventFrames.resync(firstSeq: next)))
        }
        let before = next
        for event in page.events where event.seq >= next {
            items.append(.event(seq: event.seq, event.frame))
            next = event.seq + 1
        }
        if next <= page.lastSeq { return next > before ? items : nil }
        phase = .live
        for item in held {
            if case .event(let seq, _) = item {
                guard seq >= next else { continue }
                next = seq + 1
            }
            items.append(item)
        }
        return items
    }
}
