import NIOCore
import SyncronWire

/// Finished WebSocket text frames, one behind the other.
///
/// A message is written once as the bytes of its frame, and these bytes go to every reader: what a server sends is
/// not masked, so all readers get the same.
struct TextFrames: Sendable {
    private(set) var bytes: ByteBuffer
    private(set) var count = 0

    init() { bytes = ByteBuffer() }

    var isEmpty: Bool { count == 0 }

    /// Adds a frame with the value that `body` writes.
    mutating func append(_ body: (inout JSONWriter) -> Void) {
        let start = bytes.writerIndex
        var taken = ByteBuffer()
        swap(&taken, &bytes)
        taken.writeRepeatingByte(0, count: Self.commonHeader)
        bytes = Self.write(body, to: taken)
        Self.setHeader(at: start, in: &bytes)
        count += 1
    }

    /// In a function of its own, so that the writer has let go of the buffer when it is changed again.
    private static func write(_ body: (inout JSONWriter) -> Void, to buffer: consuming ByteBuffer) -> ByteBuffer {
        var json = JSONWriter(buffer)
        body(&json)
        return json.buffer
    }

    /// What a frame's length is written in depends on it; most messages need four bytes of header.
    private static let commonHeader = 4
    /// The last part of a message, and text.
    private static let firstByte: UInt8 = 0x81

    /// Writes the header of a frame whose payload was written `commonHeader` bytes behind `start` and is the last
    /// thing in the buffer.
    private static func setHeader(at start: Int, in buffer: inout ByteBuffer) {
        let length = buffer.writerIndex - start - commonHeader
        buffer.setInteger(firstByte, at: start)
        switch length {
        case ...125:
            move(by: 2 - commonHeader, start: start, length: length, in: &buffer)
            buffer.setInteger(UInt8(length), at: start + 1)
        case ...0xFFFF:
            buffer.setInteger(UInt8(126), at: start + 1)
            buffer.setInteger(UInt16(length), at: start + 2)
        default:
            buffer.writeRepeatingByte(0, count: 10 - commonHeader)
            move(by: 10 - commonHeader, start: start, length: length, in: &buffer)
            buffer.setInteger(UInt8(127), at: start + 1)
            buffer.setInteger(UInt64(length), at: start + 2)
        }
    }

    private static func move(by distance: Int, start: Int, length: Int, in buffer: inout ByteBuffer) {
        let from = start + commonHeader
        _ = try? buffer.copyBytes(at: from, to: from + distance, length: length)
        buffer.moveWriterIndex(to: from + distance + length)
    }
}

extension TextFrames {
    /// The same messages as they go to combined connections that know the stream as `name`:
    /// `{"stream": name, "data": message}`.
    static func wrapped(_ frames: ByteBuffer, as name: String) -> ByteBuffer {
        var result = TextFrames()
        var rest = frames
        while let payload = nextPayload(of: &rest) {
            result.append { json in
                json.beginObject()
                json.field("stream", name)
                json.key("data")
                json.raw(payload)
                json.endObject()
            }
        }
        return result.bytes
    }

    /// Takes a frame that this type has made from the front.
    static func nextPayload(of frames: inout ByteBuffer) -> ByteBuffer? {
        guard let head = frames.readMultipleIntegers(as: (UInt8, UInt8).self) else { return nil }
        switch head.1 {
        case 126: return frames.readInteger(as: UInt16.self).flatMap { frames.readSlice(length: Int($0)) }
        case 127: return frames.readInteger(as: UInt64.self).flatMap { frames.readSlice(length: Int($0)) }
        default: return frames.readSlice(length: Int(head.1))
        }
    }
}
