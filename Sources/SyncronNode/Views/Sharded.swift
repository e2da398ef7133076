/// A dictionary in pieces: a changed copy shares all pieces but one with the original.
struct Sharded<Value: Sendable>: Sendable {
    private var shards = [[String: Value]](repeating: [:], count: 256)
    private(set) var count = 0

    subscript(key: String) -> Value? {
        get { shards[shard(of: key)][key] }
        set {
            let old = shards[shard(of: key)].removeValue(forKey: key)
            if let newValue { shards[shard(of: key)][key] = newValue }
            count += (newValue == nil ? 0 : 1) - (old == nil ? 0 : 1)
        }
    }

    private func shard(of key: String) -> Int { Int(truncatingIfNeeded: UInt(bitPattern: key.hashValue) >> 8) & 255 }
}

/// A growing list in pieces: a changed copy shares all pieces but one with the original.
struct Chunked<Element: Sendable>: Sendable {
    private static var chunkSize: Int { 1_024 }
    private var chunks: [[Element]] = []
    private(set) var count = 0

    subscript(index: Int) -> Element {
        get { chunks[index / Self.chunkSize][index % Self.chunkSize] }
        set { chunks[index / Self.chunkSize][index % Self.chunkSize] = newValue }
    }

    mutating func append(_ element: Element) {
        if count % Self.chunkSize == 0 { chunks.append([]) }
        chunks[count / Self.chunkSize].append(element)
        count += 1
    }
}
