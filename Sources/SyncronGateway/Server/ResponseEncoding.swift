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
        var output = allocator.buffer(capacity: 512 + (isJoined ? length : 0))
        writeStatus(response.status, to: &output)
        if Self.mayHaveBody(response.status) {
            output.writeStaticString("Content-Type: ")
            output.writeFieldText(response.contentType)
            output.writeStaticString("\r\nContent-Length: ")
            output.writeDecimal(length)
            output.writeStaticString("\r\n")
        }
        output.writeBytes(shared.dateLine)
        output.writeStaticString("X-Request-Id: ")
        output.writeFieldText(requestID)
        output.writeStaticString("\r\n")
        for (name, value) in response.headers { output.writeField(name, value) }
        for (name, value) in corsHeaders { output.writeField(name, value) }
        if !keepsAlive {
            output.writeStaticString("Connection: close\r\n")
        } else if saysKeepAlive {
            output.writeStaticString("Connection: keep-alive\r\n")
        }
        output.writeStaticString("\r\n")
        if isJoined { output.writeImmutableBuffer(response.body) }
        return (output, bodyIsSent && !isJoined ? response.body : nil)
    }

    private static func mayHaveBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }

    private func writeStatus(_ status: Int, to output: inout ByteBuffer) {
        if status == 200 {
            output.writeStaticString("HTTP/1.1 200 OK\r\n")
            return
        }
        output.writeStaticString("HTTP/1.1 ")
        output.writeDecimal(status)
        output.writeStaticString(" ")
        output.writeString(HTTPResponseStatus(statusCode: status).reasonPhrase)
        output.writeStaticString("\r\n")
    }
}

extension ByteBuffer {
    fileprivate mutating func writeDecimal(_ number: Int) { writeInteger(text: number) }

    fileprivate mutating func writeField(_ name: String, _ value: String) {
        writeFieldText(name)
        writeStaticString(": ")
        writeFieldText(value)
        writeStaticString("\r\n")
    }

    /// Without control characters, which could end the field and begin another.
    fileprivate mutating func writeFieldText(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            if bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
                _ = writeBytes(bytes)
            } else {
                _ = writeBytes(bytes.filter { $0 >= 0x20 && $0 != 0x7F })
            }
        }
    }
}
