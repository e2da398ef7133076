import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// Furnishes each accepted connection. From there on it lives in its handlers, without a task of its own.
struct ConnectionSetup: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    let server: ServerContext
    let tls: ServerTLS?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let counters = server.counters
            let isAdmitted = counters.openConnection(limit: server.limits.connections)
            if isAdmitted { channel.closeFuture.whenComplete { _ in counters.closeConnection() } }
            let pipeline = channel.pipeline.syncOperations
            guard isAdmitted else {
                try pipeline.addHandler(Turnaway(speaksPlainly: tls == nil))
                return Value(channel: channel)
            }
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.context)) }
            try Self.addHandlers(of: server, to: pipeline)
            return Value(channel: channel)
        }
    }

    /// Those that speak HTTP.
    static func addHandlers(of server: ServerContext, to pipeline: ChannelPipeline.SynchronousOperations) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = server.limits.headerBytes
        limits.maxHeaderListSize = server.limits.headerBytes
        limits.maxHeaderFieldCount = server.limits.headerCount
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let connection = HTTPConnection(server: server, decoder: decoder)
        try pipeline.addHandler(PlainRequests(connection))
        try pipeline.addHandler(decoder)
        try pipeline.addHandler(connection)
    }

    func handle(value: Value, logger: Logger) async {}
}
