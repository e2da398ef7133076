import NIOCore
import Synchronization
import SyncronCore
import SyncronNode

/// Brings the outcomes of commands back to one event loop: many at a time, with one wake-up for each batch.
///
/// Requests enter on the event loop; outcomes arrive on the node's writer thread and wait until their batch is
/// over.
final class CommandReplies: ReplySink {
    typealias Answer = (Result<Outcome, Unavailable>) -> Void

    private let eventLoop: any EventLoop
    private let arrived = Mutex<[(token: UInt64, result: Result<Outcome, Unavailable>)]>([])
    private let waiting: NIOLoopBoundBox<WaitingRoom>

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        waiting = .makeBoxSendingValue(WaitingRoom(), eventLoop: eventLoop)
    }

    /// Must be called on the event loop. `answer` is called there too.
    func submit(_ command: Command, to node: Node, answer: @escaping Answer) {
        node.submit(command, to: self, token: waiting.value.enter(answer))
    }

    func complete(_ token: UInt64, _ result: Result<Outcome, Unavailable>) {
        arrived.withLock { $0.append((token, result)) }
    }

    func batchEnded() {
        eventLoop.execute { self.deliver() }
    }

    private func deliver() {
        let batch = arrived.withLock { arrived in
            let batch = arrived
            arrived = []
            return batch
        }
        for (token, result) in batch {
            let answer = waiting.value.leave(token)
            answer(result)
        }
    }

    /// The requests whose commands are under way, each at the place that its token names.
    private struct WaitingRoom {
        private var places: [Answer?] = []
        private var free: [Int] = []

        mutating func enter(_ answer: @escaping Answer) -> UInt64 {
            guard let place = free.popLast() else {
                places.append(answer)
                return UInt64(places.count - 1)
            }
            places[place] = answer
            return UInt64(place)
        }

        mutating func leave(_ token: UInt64) -> Answer {
            guard let answer = places[Int(token)] else { preconditionFailure("a command was answered twice") }
            places[Int(token)] = nil
            free.append(Int(token))
            return answer
        }
    }
}

/// The replies of each event loop.
final class CommandReplyHub: Sendable {
    private let loops = Mutex<[ObjectIdentifier: CommandReplies]>([:])

    func replies(on eventLoop: any EventLoop) -> CommandReplies {
        loops.withLock { loops in
            let id = ObjectIdentifier(eventLoop)
            if let known = loops[id] { return known }
            // It holds its event loop, so that no other one can take the same identity.
            let fresh = CommandReplies(eventLoop: eventLoop)
            loops[id] = fresh
            return fresh
        }
    }
}
