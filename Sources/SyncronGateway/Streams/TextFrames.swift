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
        var json = JSONWriter(capacity: 512)
        body(&json)
        json.withBytes { append($0) }
    }

    private mutating func append(_ payload: UnsafeRawBufferPointer) {
        bytes.reserveCapacity(minimumWritableBytes: Self.longestHeader + payload.count)
        bytes.writeInteger(Self.firstByte)
        switch payload.count {
        case ...125: bytes.writeInteger(UInt8(payload.count))
        case ...0xFFFF: bytes.writeMultipleIntegers(UInt8(126), UInt16(payload.count))
        default: bytes.writeMultipleIntegers(UInt8(127), UInt64(payload.count))
        }
        bytes.writeBytes(payload)
        count += 1
    }

    private static let longestHeader = 10
    /// The last part of a message, and text.
    private static let firstByte: UInt8 = 0x81
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
