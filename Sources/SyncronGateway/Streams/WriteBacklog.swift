import NIOCore

/// What a reader has not taken yet, in order.
struct WriteBacklog {
    private var waiting = CircularBuffer<ByteBuffer>()
    private(set) var bytes = 0

    var isEmpty: Bool { waiting.isEmpty }

    mutating func append(_ frames: ByteBuffer) {
        waiting.append(frames)
        bytes += frames.readableBytes
    }

    mutating func removeFirst() -> ByteBuffer? {
        guard let frames = waiting.popFirst() else { return nil }
        bytes -= frames.readableBytes
        return frames
    }

    mutating func clear() { self = WriteBacklog() }
}
