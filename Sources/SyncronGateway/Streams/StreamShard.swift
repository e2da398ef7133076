import NIOCore
import Synchronization
import SyncronCore

/// The readers on one event loop, and their mailbox.
///
/// Deliveries are posted from other threads; the loop takes all that wait at once, writes them to its readers and
/// flushes each of them once. While it is busy more of them come together, so that under load several messages share
/// one write.
final class StreamShard: Sendable {
    private struct Mailbox {
        var deliveries: [StreamDelivery] = []
        /// Where the last frames of a stream stand among the deliveries, so that the next ones can join them.
        var last: [StreamKey: Int] = [:]
        var isScheduled = false
    }

    /// Frames of one stream are joined up to this size.
    private static let joinedBytes = 64 << 10

    let eventLoop: any EventLoop
    private let mailbox = Mutex(Mailbox())
    private let readers: NIOLoopBound<StreamReaders>

    /// Called on the event loop.
    init(eventLoop: any EventLoop, hub: StreamHub, metrics: StreamMetrics) {
        self.eventLoop = eventLoop
        readers = NIOLoopBound(StreamReaders(hub: hub, metrics: metrics), eventLoop: eventLoop)
    }

    /// On the event loop only.
    var table: StreamReaders { readers.value }

    func post(_ deliveries: [StreamDelivery]) {
        let mustWake = mailbox.withLock { mailbox in
            for delivery in deliveries { Self.put(delivery, into: &mailbox) }
            defer { mailbox.isScheduled = true }
            return !mailbox.isScheduled
        }
        if mustWake { eventLoop.execute { self.deliver() } }
    }

    private static func put(_ delivery: StreamDelivery, into mailbox: inout Mailbox) {
        guard case .frames(let key, var frames) = delivery else {
            mailbox.deliveries.append(delivery)
            return
        }
        if let index = mailbox.last[key], case .frames(_, var joined) = mailbox.deliveries[index],
            joined.readableBytes + frames.readableBytes <= joinedBytes
        {
            // The mailbox lets go of the bytes, so that they are not copied when they grow.
            mailbox.deliveries[index] = .frames(key, ByteBuffer())
            joined.writeBuffer(&frames)
            mailbox.deliveries[index] = .frames(key, joined)
        } else {
            mailbox.last[key] = mailbox.deliveries.count
            mailbox.deliveries.append(delivery)
        }
    }

    private func deliver() {
        let deliveries = mailbox.withLock { mailbox in
            let deliveries = mailbox.deliveries
            mailbox.deliveries = []
            mailbox.last.removeAll(keepingCapacity: true)
            mailbox.isScheduled = false
            return deliveries
        }
        readers.value.deliver(deliveries)
    }
}
