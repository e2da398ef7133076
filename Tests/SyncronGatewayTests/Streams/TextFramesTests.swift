import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import SyncronGateway

@Suite("Finished frames")
struct TextFramesTests {
    /// What the library's own decoder makes of the bytes.
    private func decoded(_ bytes: ByteBuffer) throws -> [WebSocketFrame] {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 24)))
        try channel.writeInbound(bytes)
        var frames: [WebSocketFrame] = []
        while let frame = try channel.readInbound(as: WebSocketFrame.self) { frames.append(frame) }
        _ = try channel.finish()
        return frames
    }

    @Test("a frame of every length of header is a frame", arguments: [0, 1, 123, 124, 200, 65_533, 65_534, 100_000])
    func lengths(length: Int) throws {
        let text = String(repeating: "x", count: length)
        var frames = TextFrames()
        frames.append { $0.value("before") }
        frames.append { $0.value(text) }
        frames.append { $0.value("after") }
        let decoded = try decoded(frames.bytes)
        #expect(decoded.map { String(buffer: $0.data) } == ["\"before\"", "\"\(text)\"", "\"after\""])
        #expect(decoded.allSatisfy { $0.fin && $0.opcode == .text && $0.maskKey == nil })
        #expect(frames.count == 3)
        #expect(frames.bytes.messages == decoded.map { String(buffer: $0.data) })
    }

    @Test("combined connections get each message under the name of its stream")
    func wrapping() throws {
        var frames = TextFrames()
        for number in 1...2 {
            frames.append {
                $0.beginObject()
                $0.field("t", number)
                $0.endObject()
            }
        }
        let wrapped = TextFrames.wrapped(frames.bytes, as: "btcusdt@trade")
        #expect(
            try decoded(wrapped).map { String(buffer: $0.data) } == [
                #"{"stream":"btcusdt@trade","data":{"t":1}}"#, #"{"stream":"btcusdt@trade","data":{"t":2}}"#,
            ])
        #expect(frames.bytes.messages == [#"{"t":1}"#, #"{"t":2}"#], "the shared bytes stay as they are")
    }

    @Test("bytes that were handed out do not change when more frames follow")
    func sharing() throws {
        var frames = TextFrames()
        frames.append { $0.value(1) }
        let handedOut = frames.bytes
        frames.append { $0.value(2) }
        #expect(handedOut.messages == ["1"])
        #expect(frames.bytes.messages == ["1", "2"])
    }
}
