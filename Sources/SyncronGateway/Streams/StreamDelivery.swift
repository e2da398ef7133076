import NIOCore
import SyncronCore

/// Something on its way from the exchange to the readers of one event loop.
enum StreamDelivery: Sendable {
    /// Messages of a public stream, as frames for raw connections.
    case frames(StreamKey, ByteBuffer)
    /// The same, for those readers only who have been sent nothing of the stream yet.
    case greeting(StreamKey, ByteBuffer)
    /// An event of an account.
    case userEvent(AccountID, seq: UInt64, ByteBuffer)
    /// The connections that were opened with this listen key end.
    case listenKeyEnded(AccountID, key: String, StreamClosing)
}

/// Deliveries sorted by the shards that they go to, so that each shard is woken once.
struct StreamOutbox {
    private var parcels: [(shard: StreamShard, deliveries: [StreamDelivery])] = []

    mutating func put(_ delivery: StreamDelivery, for shards: [StreamShard]) {
        for shard in shards {
            if let index = parcels.firstIndex(where: { $0.shard === shard }) {
                parcels[index].deliveries.append(delivery)
            } else {
                parcels.append((shard, [delivery]))
            }
        }
    }

    mutating func send() {
        for parcel in parcels { parcel.shard.post(parcel.deliveries) }
        parcels.removeAll(keepingCapacity: true)
    }
}
