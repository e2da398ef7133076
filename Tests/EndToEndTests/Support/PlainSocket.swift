import Foundation

/// A TCP connection to the exchange on a blocking socket.
final class PlainSocket: @unchecked Sendable {
    enum Reading {
        case bytes([UInt8])
        case closed
        /// Nothing came within the patience.
        case nothing
    }

    private let descriptor: Int32

    /// `patience`: how long a read waits, in seconds.
    init(port: Int, patience seconds: Int = 10) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw ExchangeProcess.Failure(description: "no socket: \(Self.lastError)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw ExchangeProcess.Failure(description: "cannot connect: \(Self.lastError)") }
    }

    deinit { close(descriptor) }

    /// False when the peer is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    func receive() -> Reading {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 { return .bytes(Array(chunk[..<count])) }
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .nothing : .closed
    }

    /// What comes until the peer closes or `isEnough`, as text. Nil when nothing comes any more before that.
    func text(until isEnough: (String) -> Bool = { _ in false }) -> String? {
        var text = ""
        while !isEnough(text) {
            switch receive() {
            case .bytes(let bytes): text += String(decoding: bytes, as: UTF8.self)
            case .closed: return text
            case .nothing: return nil
            }
        }
        return text
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
