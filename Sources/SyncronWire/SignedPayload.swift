import NIOCore

/// What a request's signature covers: the query string as sent without its `signature` parameter, followed by the
/// body as sent; a form body likewise without its `signature` parameter.
///
/// Together with a removed parameter goes the `&` that divided it from the rest.
public struct SignedPayload: Sendable {
    /// In order; slices of what was received.
    let pieces: [ByteBuffer]

    public init(query: ByteBuffer, body: ByteBuffer = ByteBuffer(), bodyKind: Parameters.BodyKind = .none) {
        var pieces: [ByteBuffer] = []
        Self.append(query, to: &pieces, withoutSignature: true)
        Self.append(body, to: &pieces, withoutSignature: bodyKind == .form)
        self.pieces = pieces
    }

    /// The pieces as one.
    public var bytes: [UInt8] { pieces.flatMap { Array($0.readableBytesView) } }

    private static func append(_ bytes: ByteBuffer, to pieces: inout [ByteBuffer], withoutSignature: Bool) {
        guard bytes.readableBytes > 0 else { return }
        guard withoutSignature, let removed = signature(in: bytes.readableBytesUInt8Span) else {
            pieces.append(bytes)
            return
        }
        let start = bytes.readerIndex
        for kept in [0..<removed.lowerBound, removed.upperBound..<bytes.readableBytes] where !kept.isEmpty {
            if let piece = bytes.getSlice(at: start + kept.lowerBound, length: kept.count) { pieces.append(piece) }
        }
    }

    /// Where the first `signature` parameter stands, with one of the `&` beside it.
    private static func signature(in bytes: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count && bytes[end] != UInt8(ascii: "&") { end += 1 }
            if isSignature(bytes.extracting(start..<end)) {
                if end < bytes.count { return start..<end + 1 }
                return max(start - 1, 0)..<end
            }
            start = end + 1
        }
        return nil
    }

    private static func isSignature(_ parameter: Span<UInt8>) -> Bool {
        let name: StaticString = "signature"
        let count = name.utf8CodeUnitCount
        guard parameter.count >= count else { return false }
        for i in 0..<count where parameter[i] != name.utf8Start[i] { return false }
        return parameter.count == count || parameter[count] == UInt8(ascii: "=")
    }
}
