import NIOCore
import NIOWebSocket

/// Why the server ends a connection, as its close frame says it.
struct StreamClosing: Sendable, Hashable {
    /// As in RFC 6455, section 7.4.
    var code: UInt16
    var reason: String

    static let binary = StreamClosing(code: 1003, reason: "text messages only")
    static let tooManyMessages = StreamClosing(code: 1008, reason: "too many messages")
    static let readerTooSlow = StreamClosing(code: 1008, reason: "reader too slow")
    static let noPong = StreamClosing(code: 1008, reason: "no pong")
    static let replayOverflow = StreamClosing(code: 1008, reason: "too many events during the replay")
    static let listenKeyExpired = StreamClosing(code: 1000, reason: "listen key expired")
    static let listenKeyClosed = StreamClosing(code: 1000, reason: "listen key closed")
    /// Missed events cannot be read now; a client may come back.
    static let replayUnavailable = StreamClosing(code: 1013, reason: "events not available now, try again")

    var frame: WebSocketFrame {
        var data = ByteBuffer()
        data.writeInteger(code)
        data.writeString(reason)
        return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
    }
}
