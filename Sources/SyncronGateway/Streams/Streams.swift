public import NIOCore
import NIOWebSocket
import Synchronization
public import SyncronNode
import SyncronWire

/// The exchange's WebSocket streams: decides who may connect, and follows the exchange for those who did.
public final class Streams: StreamService {
    let node: Node
    let limits: StreamLimits
    let metrics: StreamMetrics
    private let hub: StreamHub
    private let shards = Mutex<[ObjectIdentifier: StreamShard]>([:])
    private let clock = Mutex<RepeatedTask?>(nil)

    public convenience init(node: Node) { self.init(node: node, limits: StreamLimits()) }

    init(node: Node, limits: StreamLimits) {
        self.node = node
        self.limits = limits
        metrics = StreamMetrics(node.metrics.registry)
        hub = StreamHub(node: node)
    }

    /// Begins to follow the exchange. Pushes that have a rhythm run on `eventLoop`.
    public func start(on eventLoop: any EventLoop) async throws(Unavailable) {
        try await node.feed.subscribe(hub)
        let beat = TimeAmount.milliseconds(StreamBeat.milliseconds)
        clock.withLock { clock in
            clock = eventLoop.scheduleRepeatedTask(initialDelay: beat, delay: beat) { [hub] _ in hub.beat() }
        }
    }

    /// Lets go of the exchange. Connections are closed by the server.
    public func stop() {
        node.feed.unsubscribe(hub)
        clock.withLock { clock in
            clock?.cancel()
            clock = nil
        }
    }

    public func makeHandler(for target: StreamTarget, channel: any Channel) -> any ChannelHandler {
        let shard = shard(of: channel.eventLoop)
        return StreamConnection(streams: self, target: target, shard: shard, openedAt: channel.eventLoop.now)
    }

    private func shard(of eventLoop: any EventLoop) -> StreamShard {
        shards.withLock { shards in
            let key = ObjectIdentifier(eventLoop)
            if let shard = shards[key] { return shard }
            let shard = StreamShard(eventLoop: eventLoop, hub: hub, metrics: metrics)
            shards[key] = shard
            return shard
        }
    }

    /// Streams that somebody follows, users' streams among them.
    var followedStreams: Int { hub.interest.count }
    var openConnections: Int64 { metrics.connections.value }
}
