import SyncronCore

extension Engine {
    /// The engine that a snapshot of this one restores.
    borrowing func restored() throws -> Engine {
        var writer = ByteWriter()
        encode(into: &writer)
        let bytes = writer.array()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        var reader = ByteReader(UnsafeRawBufferPointer(memory))
        return try Engine(limits: limits, from: &reader)
    }
}
