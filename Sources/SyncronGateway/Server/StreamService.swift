import NIOCore
import SyncronWire

/// Asked about every WebSocket before it is accepted, and for what serves it afterwards.
public protocol StreamService: Sendable {
    /// Called on the connection's event loop before the upgrade; must not block.
    /// `path` is percent-decoded and without the query, `query` as it was sent, `peer` the IP text of the TCP peer.
    func admit(path: String, query: String, peer: String) -> StreamAdmission

    /// Called on the channel's event loop after the upgrade. The handler takes the last place of the pipeline.
    ///
    /// Inbound it receives `WebSocketFrame`: whole text messages of valid UTF-8, whole binary messages, and pongs,
    /// all unmasked. Outbound it writes `WebSocketFrame`. The transport answers pings, closes on protocol errors
    /// (1002, 1007, 1009), completes close handshakes, and closes with 1001 when the server stops. The handler ends
    /// a connection by writing a close frame; what it writes after one is dropped.
    func makeHandler(for target: StreamTarget, channel: any Channel) -> any ChannelHandler
}

/// The answer to a request for a WebSocket.
public enum StreamAdmission: Sendable {
    case accept(StreamTarget)
    /// Answered over HTTP, as every refusal is.
    case refuse(APIError)
}
