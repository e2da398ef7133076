import NIOCore
import SyncronCore

/// Who reads what on one event loop. Used on that loop only.
final class StreamReaders {
    /// Readers who get the same bytes.
    private struct Group {
        /// The name on the messages of combined connections; nil for raw ones.
        var label: String?
        var readers: [StreamConnection] = []
    }

    private let hub: StreamHub
    private let metrics: StreamMetrics
    private var groups: [StreamKey: [Group]] = [:]
    private var users: [AccountID: [StreamConnection]] = [:]
    /// Readers of streams that begin with a snapshot, who have been sent nothing yet.
    private var newcomers: [StreamKey: [(reader: StreamConnection, label: String?)]] = [:]
    private(set) var connections: [StreamConnection] = []
    private var unflushed: [StreamConnection] = []
    private var clock: RepeatedTask?

    init(hub: StreamHub, metrics: StreamMetrics) {
        self.hub = hub
        self.metrics = metrics
    }

    // MARK: Coming and going

    func opened(_ connection: StreamConnection, on eventLoop: any EventLoop) {
        connection.place = connections.count
        connections.append(connection)
        metrics.connections.add(1)
        if clock == nil { startClock(on: eventLoop) }
    }

    func closed(_ connection: StreamConnection) {
        guard let place = connection.place else { return }
        connection.place = nil
        let last = connections.removeLast()
        if last !== connection {
            connections[place] = last
            last.place = place
        }
        metrics.connections.add(-1)
        if connections.isEmpty { stopClock() }
    }

    /// `label` as in `Group`.
    func follow(_ key: StreamKey, _ connection: StreamConnection, label: String?, in shard: StreamShard) {
        var list = groups[key] ?? []
        let isFirst = list.isEmpty
        groups[key] = nil
        let index = list.firstIndex { $0.label == label } ?? list.endIndex
        if index == list.endIndex { list.append(Group(label: label)) }
        connection.places[key] = list[index].readers.count
        list[index].readers.append(connection)
        groups[key] = list
        if key.beginsWithSnapshot { newcomers[key, default: []].append((connection, label)) }
        hub.readerCame(to: key, shard, isFirst: isFirst)
    }

    func leave(_ key: StreamKey, _ connection: StreamConnection, label: String?, in shard: StreamShard) {
        guard var list = groups.removeValue(forKey: key), let place = connection.places.removeValue(forKey: key),
            let index = list.firstIndex(where: { $0.label == label })
        else { return }
        let last = list[index].readers.removeLast()
        if last !== connection {
            list[index].readers[place] = last
            last.places[key] = place
        }
        if list[index].readers.isEmpty { list.remove(at: index) }
        newcomers[key]?.removeAll { $0.reader === connection }
        if list.isEmpty { hub.interest.lastReaderLeft(key, shard) } else { groups[key] = list }
    }

    func followUser(_ account: AccountID, _ connection: StreamConnection, in shard: StreamShard) {
        users[account, default: []].append(connection)
        hub.readerCame(to: .user(account), shard, isFirst: users[account]?.count == 1)
    }

    func leaveUser(_ account: AccountID, _ connection: StreamConnection, in shard: StreamShard) {
        users[account]?.removeAll { $0 === connection }
        guard users[account]?.isEmpty == true else { return }
        users[account] = nil
        hub.interest.lastReaderLeft(.user(account), shard)
    }

    // MARK: Delivering

    func deliver(_ deliveries: [StreamDelivery]) {
        var messages = 0
        for delivery in deliveries {
            switch delivery {
            case .frames(let key, let frames):
                for group in groups[key] ?? [] {
                    let bytes = group.label.map { TextFrames.wrapped(frames, as: $0) } ?? frames
                    for reader in group.readers { write(bytes, to: reader) }
                    messages += group.readers.count
                }
                newcomers[key] = nil
            case .greeting(let key, let frames):
                for (reader, label) in newcomers.removeValue(forKey: key) ?? [] {
                    write(label.map { TextFrames.wrapped(frames, as: $0) } ?? frames, to: reader)
                    messages += 1
                }
            case .userEvent(let account, let seq, let frame):
                for reader in users[account] ?? [] {
                    reader.userStream(.event(seq: seq, frame))
                    markUnflushed(reader)
                    messages += 1
                }
            case .listenKeyEnded(let account, let key, let closing):
                for reader in users[account] ?? [] where reader.listenKey == key { reader.userStream(.end(closing)) }
            }
        }
        metrics.deliveries.add(UInt64(messages))
        // Readers who close while they are flushed change the list of connections, not this one.
        for reader in unflushed { reader.flush() }
        unflushed.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: ByteBuffer, to reader: StreamConnection) {
        reader.write(bytes)
        markUnflushed(reader)
    }

    private func markUnflushed(_ reader: StreamConnection) {
        guard !reader.isUnflushed else { return }
        reader.isUnflushed = true
        unflushed.append(reader)
    }

    // MARK: Time

    private func startClock(on eventLoop: any EventLoop) {
        let table = NIOLoopBound(self, eventLoop: eventLoop)
        clock = eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            table.value.secondPassed()
        }
    }

    private func stopClock() {
        clock?.cancel()
        clock = nil
    }

    private func secondPassed() {
        for connection in connections { connection.secondPassed() }
    }
}
