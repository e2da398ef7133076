import NIOCore
import NIOHTTP1

/// An answer as bytes.
struct ResponseEncoding {
    var requestID: String
    /// To a HEAD request: the length is told, the body is not sent.
    var leavesBodyOut = false
    /// Whether more requests are taken on the connection.
    var keepsAlive: Bool
    /// Clients of HTTP/1.0 have to be told that the connection stays.
    var saysKeepAlive = false
    var corsHeaders: [(String, String)] = []

    /// Bodies up to this size lie in one buffer with their head.
    private static let joined = 16 * 1024

    /// The head, and the body too when it is small; else the body comes second.
    func encode(
        _ response: APIResponse, shared: LoopShared, allocator: ByteBufferAllocator
    ) -> (ByteBuffer, ByteBuffer?) {
        let length = response.body.readableBytes
        let bodyIsSent = !leavesBodyOut && length > 0 && Self.mayHaveBody(response.status)
        let isJoined = bodyIsSent && length <= Self.joined
        let size =
            Self.ownFields + requestID.utf8.count + response.contentType.utf8.count + Self.size(of: response.headers)
            + Self.size(of: corsHeaders)
        var output = allocator.buffer(capacity: size + (isJoined ? length : 0))
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
            var head = HeadWriter(memory)
            writeStatus(response.status, to: &head)
            if Self.mayHaveBody(response.status) {
                head.write("Content-Type: ")
                head.write(text: response.contentType)
                head.write("\r\nContent-Length: ")
                head.write(number: length)
                head.write("\r\n")
            }
            shared.withDateLine { head.write(bytes: $0) }
            head.write("X-Request-Id: ")
            head.write(text: requestID)
            head.write("\r\n")
            head.write(fields: response.headers)
            head.write(fields: corsHeaders)
            if !keepsAlive {
                head.write("Connection: close\r\n")
            } else if saysKeepAlive {
                head.write("Connection: keep-alive\r\n")
            }
            head.write("\r\n")
            return head.count
        }
        if isJoined { output.writeImmutableBuffer(response.body) }
        return (output, bodyIsSent && !isJoined ? response.body : nil)
    }

    /// More than the status line and the fields take that every answer has.
    private static let ownFields = 512

    private static func size(of fields: [(String, String)]) -> Int {
        fields.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 4 }
    }

    private static func mayHaveBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }

    private func writeStatus(_ status: Int, to head: inout HeadWriter) {
        if status == 200 { return head.write("HTTP/1.1 200 OK\r\n") }
        head.write("HTTP/1.1 ")
        head.write(number: status)
        head.write(" ")
        head.write(text: HTTPResponseStatus(statusCode: status).reasonPhrase)
        head.write("\r\n")
    }
}

/// Writes a head into memory that is large enough for it.
private struct HeadWriter {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    mutating func write(_ text: StaticString) {
        write(bytes: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Without control characters, which could end the field and begin another.
    mutating func write(text: String) {
        var text = text
        text.withUTF8 { bytes in
            var isClean = true
            for byte in bytes where byte < 0x20 || byte == 0x7F { isClean = false }
            if isClean { return write(bytes: UnsafeRawBufferPointer(bytes)) }
            for byte in bytes where byte >= 0x20 && byte != 0x7F { withUnsafeBytes(of: byte) { write(bytes: $0) } }
        }
    }

    mutating func write(fields: [(String, String)]) {
        for (name, value) in fields {
            write(text: name)
            write(": ")
            write(text: value)
            write("\r\n")
        }
    }

    mutating func write(number: Int) { write(text: String(number)) }

    mutating func write(bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }
}
