import SyncronCore

func encoded<T: Coded>(_ value: T) -> [UInt8] {
    var writer = ByteWriter()
    writer.encode(value)
    return writer.array()
}

/// Throws as well when bytes are left over.
func decoded<T: Coded>(_ type: T.Type = T.self, from bytes: [UInt8]) throws -> T {
    try bytes.withUnsafeBytes { bytes in
        var reader = ByteReader(bytes)
        let value = try reader.decode(T.self)
        guard reader.isAtEnd else { throw CodingFailure("bytes left over") }
        return value
    }
}
