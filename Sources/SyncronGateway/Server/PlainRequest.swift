import NIOCore
import SyncronWire

/// A request that places or cancels something, read straight from the bytes: all of it came in one piece, and nothing
/// about it is out of the ordinary. Everything else is left to the decoder.
struct PlainRequest {
    /// Without a peer, and without a name if its client gave it none.
    var request: APIRequest
    let origin: String?

    /// Nil for bytes that are anything else than one such request, from its first byte to its last.
    init?(_ bytes: ByteBuffer, limits: ServerLimits) {
        let input = bytes.readableBytesUInt8Span.extracting(first: limits.headerBytes)
        var reader = Reader()
        guard let method = reader.method(in: input), let target = reader.target(in: input),
            reader.skip("HTTP/1.1\r\n", in: input), let fields = reader.fields(in: input, atMost: limits.headerCount)
        else { return nil }
        let length = fields.contentLength ?? 0
        guard fields.hosts == 1, length <= limits.body, reader.position + length == bytes.readableBytes,
            let query = bytes.getSlice(at: bytes.readerIndex + target.query.lowerBound, length: target.query.count),
            let body = bytes.getSlice(at: bytes.readerIndex + reader.position, length: length)
        else { return nil }
        request = APIRequest(
            method: method, path: target.path, query: query, body: body, headers: fields.headers, peer: "",
            requestID: fields.requestID)
        origin = fields.origin
    }

    private struct Fields {
        var headers = RequestHeaders()
        var hosts = 0
        var contentLength: Int?
        var requestID = ""
        var origin: String?

        /// False for what only the decoder's way knows to deal with.
        mutating func take(_ name: Span<UInt8>, _ value: Span<UInt8>) -> Bool {
            switch name.count {
            case 4 where name.isField("host"): hosts += 1
            case 6 where name.isField("origin"): origin = value.text
            case 6 where name.isField("expect"), 7 where name.isField("upgrade"), 7 where name.isField("trailer"),
                16 where name.isField("proxy-connection"), 17 where name.isField("transfer-encoding"):
                return false
            case 10 where name.isField("connection"): return value.isField("keep-alive")
            case 12 where name.isField("x-request-id"):
                let text = value.text
                if RequestHead.canRepeat(text) { requestID = text }
            case 14 where name.isField("content-length"):
                guard contentLength == nil, let length = value.smallNumber else { return false }
                contentLength = length
            case 9, 12, 13, 15: headers.note(name.text, value.text)
            default: break
            }
            return true
        }
    }

    /// Goes through a head from its front to its end.
    private struct Reader {
        private(set) var position = 0

        mutating func skip(_ text: StaticString, in bytes: Span<UInt8>) -> Bool {
            let count = text.utf8CodeUnitCount
            guard bytes.count - position >= count else { return false }
            for i in 0..<count where bytes[position + i] != text.utf8Start[i] { return false }
            position += count
            return true
        }

        mutating func method(in bytes: Span<UInt8>) -> String? {
            if skip("POST ", in: bytes) { return "POST" }
            return skip("DELETE ", in: bytes) ? "DELETE" : nil
        }

        /// A path without any percent-encoding, the place of the query behind it, and the blank that ends both.
        mutating func target(in bytes: Span<UInt8>) -> (path: String, query: Range<Int>)? {
            let start = position
            var question: Int?
            guard position < bytes.count, bytes[position] == UInt8(ascii: "/") else { return nil }
            scan: while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: " "): break scan
                case 0...0x20, 0x7F..., UInt8(ascii: "#"): return nil
                case UInt8(ascii: "?"): question = question ?? position
                case UInt8(ascii: "%") where question == nil: return nil
                default: break
                }
                position += 1
            }
            let end = position
            guard skip(" ", in: bytes) else { return nil }
            let path = bytes.extracting(start..<(question ?? end)).text
            return (path, question.map { $0 + 1..<end } ?? end..<end)
        }

        /// Up to the empty line, and past it.
        mutating func fields(in bytes: Span<UInt8>, atMost most: Int) -> Fields? {
            var fields = Fields()
            for _ in 0...most {
                if skip("\r\n", in: bytes) { return fields }
                guard let name = name(in: bytes) else { return nil }
                while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
                let start = position
                while position < bytes.count, Self.isInValue(bytes[position]) { position += 1 }
                let value = start..<position
                guard value.isEmpty || !Self.isBlank(bytes[position - 1]), skip("\r\n", in: bytes),
                    fields.take(bytes.extracting(name), bytes.extracting(value))
                else { return nil }
            }
            return nil
        }

        /// The place of a name of letters, digits and dashes, and past the colon behind it.
        private mutating func name(in bytes: Span<UInt8>) -> Range<Int>? {
            let start = position
            while position < bytes.count, Self.isInName(bytes[position]) { position += 1 }
            let name = start..<position
            return !name.isEmpty && skip(":", in: bytes) ? name : nil
        }

        private static func isInName(_ byte: UInt8) -> Bool {
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
        }

        private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

        private static func isInValue(_ byte: UInt8) -> Bool {
            byte >= 0x20 && byte < 0x7F || byte == UInt8(ascii: "\t")
        }
    }
}

extension Span<UInt8> {
    fileprivate var text: String {
        withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// One to nine digits; nil for all else.
    fileprivate var smallNumber: Int? {
        guard count >= 1 && count <= 9 else { return nil }
        var number = 0
        for i in 0..<count {
            let digit = self[i] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }
}
