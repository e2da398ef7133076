import NIOCore
import NIOWebSocket

/// Puts the frames of one client together into messages and finds the frames that no client may send.
struct WebSocketMessages {
    enum Outcome {
        case nothing
        /// A whole message or a pong, unmasked.
        case forward(WebSocketFrame)
        case pong(ByteBuffer)
        /// The client closes; with its code when it gave one that may be repeated.
        case closed(WebSocketErrorCode?)
        case violation(WebSocketErrorCode)
    }

    /// Bytes of one message.
    private let limit: Int
    /// The message of which frames are still to come.
    private var opcode: WebSocketOpcode?
    private var collected = ByteBuffer()

    init(limit: Int) { self.limit = limit }

    mutating func receive(_ frame: WebSocketFrame) -> Outcome {
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .violation(.protocolError) }
        let data = frame.unmaskedData
        switch frame.opcode {
        case .text, .binary:
            guard opcode == nil else { return .violation(.protocolError) }
            if frame.fin { return finish(frame.opcode, data) }
            opcode = frame.opcode
            collected = data
            return .nothing
        case .continuation: return proceed(data, isLast: frame.fin)
        case .ping: return .pong(data)
        case .pong: return .forward(WebSocketFrame(fin: true, opcode: .pong, data: data))
        case .connectionClose: return closed(data)
        default: return .violation(.protocolError)
        }
    }

    private mutating func proceed(_ data: ByteBuffer, isLast: Bool) -> Outcome {
        guard let opcode else { return .violation(.protocolError) }
        guard collected.readableBytes + data.readableBytes <= limit else { return .violation(.messageTooLarge) }
        collected.writeImmutableBuffer(data)
        guard isLast else { return .nothing }
        let whole = collected
        self.opcode = nil
        collected = ByteBuffer()
        return finish(opcode, whole)
    }

    private func finish(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> Outcome {
        if opcode == .text, !Self.isUTF8(data) { return .violation(.dataInconsistentWithMessage) }
        return .forward(WebSocketFrame(fin: true, opcode: opcode, data: data))
    }

    private func closed(_ data: ByteBuffer) -> Outcome {
        if data.readableBytes == 0 { return .closed(nil) }
        var data = data
        guard let code = data.readInteger(as: UInt16.self), Self.mayBeSent(code), Self.isUTF8(data) else {
            return .violation(.protocolError)
        }
        return .closed(WebSocketErrorCode(codeNumber: Int(code)))
    }

    /// The codes that a frame may carry (RFC 6455, section 7.4): some are for use inside programs only.
    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private static func isUTF8(_ data: ByteBuffer) -> Bool {
        (try? UTF8Span(validating: data.readableBytesUInt8Span)) != nil
    }
}
