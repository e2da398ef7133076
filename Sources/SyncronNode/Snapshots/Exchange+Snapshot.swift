import SyncronCore
import SyncronJournal

/// The engine and the views in memory as sections of a snapshot, and back.
extension Exchange {
    private enum Section {
        static let engine = "engine"
        static let userEvents = "userEvents"
        static let marketData = "marketData"
    }

    /// Writes a snapshot of the state behind the batch that ends at `chain`.
    borrowing func write(to store: SnapshotStore, chain: ChainHash) throws(JournalFailure) -> SnapshotInfo {
        let info = SnapshotInfo(
            sequence: engine.sequence, time: engine.now, digest: engine.digest, chain: chain)
        var writer = try store.begin(info)
        var bytes = ByteWriter(capacity: 1 << 20)
        engine.encode(into: &bytes)
        try writer.append(section: Section.engine, bytes)
        bytes.clear()
        bytes.encode(userEvents)
        try writer.append(section: Section.userEvents, bytes)
        if let marketData {
            bytes.clear()
            marketData.encode(into: &bytes)
            try writer.append(section: Section.marketData, bytes)
        }
        try writer.finish()
        return info
    }

    /// The state that a snapshot holds, checked against the digest it names. `keepsMarketData` false leaves the market
    /// data out.
    static func load(
        _ snapshot: Snapshot, limits: Limits, keepsMarketData: Bool
    ) throws(NodeFailure) -> Exchange {
        let engine = try section(Section.engine, of: snapshot) { (reader) throws(CodingFailure) in
            Handover(try Engine(limits: limits, from: &reader))
        }.take()
        let userEvents = try section(Section.userEvents, of: snapshot) { (reader) throws(CodingFailure) in
            try reader.decode(UserEventLog.self)
        }
        var marketData: MarketDataStore?
        if keepsMarketData {
            marketData = try section(Section.marketData, of: snapshot) { (reader) throws(CodingFailure) in
                try MarketDataStore(from: &reader)
            }
        }
        guard engine.digest == snapshot.info.digest, engine.sequence == snapshot.info.sequence else {
            throw .snapshotDamaged(
                sequence: snapshot.info.sequence,
                what: "its state has the digest \(engine.digest), it names \(snapshot.info.digest)")
        }
        return Exchange(engine, userEvents, marketData)
    }

    private static func section<R>(
        _ name: String, of snapshot: Snapshot, _ read: (inout ByteReader) throws(CodingFailure) -> R
    ) throws(NodeFailure) -> R {
        let sequence = snapshot.info.sequence
        let result: R?
        do throws(CodingFailure) {
            result = try snapshot.withSection(name) { (bytes) throws(CodingFailure) in
                var reader = ByteReader(bytes)
                let value = try read(&reader)
                guard reader.isAtEnd else { throw CodingFailure("bytes are left over") }
                return value
            }
        } catch {
            throw .snapshotDamaged(sequence: sequence, what: "section \(name): \(error.what)")
        }
        guard let result else { throw .snapshotDamaged(sequence: sequence, what: "section \(name) is missing") }
        return result
    }
}
