import NIOCore

/// The bounds of one WebSocket connection.
struct StreamLimits: Sendable {
    /// Streams that a connection follows at one time.
    var streams = 200
    /// Bytes that wait for a slow reader; above, the connection is closed.
    var backlog = 4 << 20
    /// Messages that a client may send at once: enough to ask for every stream and give it back one by one.
    var messageBurst = 500
    /// Messages a second that a client may send in the long run.
    var messagesPerSecond = 10
    /// A ping is sent this often.
    var pingInterval = TimeAmount.seconds(20)
    /// A connection from which no pong has come for so long is closed.
    var pongPatience = TimeAmount.seconds(60)
    /// Events of an account that are read at once when a client asks for what it missed.
    var replayPage = 500
}
