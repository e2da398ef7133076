import Foundation
import SyncronWire

/// A WebSocket client on a blocking socket: one frame at a time, as RFC 6455 has it.
final class WebSocketClient: @unchecked Sendable {
    struct Refused: Error { var status: Int }

    private let socket: PlainSocket
    private var buffered: [UInt8] = []

    /// Connects and upgrades; throws `Refused` with the status of an answer that is no upgrade.
    init(port: Int, path: String) throws {
        socket = try PlainSocket(port: port)
        write(
            Array(
                """
                GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
                """.utf8))
        var head = ""
        while !head.hasSuffix("\r\n\r\n") {
            guard let byte = read(1).first else { throw ExchangeProcess.Failure(description: "closed: \(head)") }
            head.append(Character(UnicodeScalar(byte)))
        }
        let status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        if status != 101 { throw Refused(status: status) }
    }

    /// The next text message as JSON; nil when the server closed or nothing came for ten seconds. Pings are answered.
    func next() -> JSONValue? {
        while let (opcode, payload) = frame() {
            switch opcode {
            case 1: return try? JSONValue(String(decoding: payload, as: UTF8.self))
            case 8: return nil
            case 9: send(opcode: 10, payload)
            default: continue
            }
        }
        return nil
    }

    /// The code that the server closes with, after whatever it still says; nil when it hangs up without one.
    func closeCode() -> Int? {
        while let (opcode, payload) = frame() {
            if opcode == 8 { return payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
        }
        return nil
    }

    /// The first message for which `isIt` holds, among the next `count`.
    func next(among count: Int = 200, where isIt: (JSONValue) -> Bool) -> JSONValue? {
        for _ in 0..<count {
            guard let message = next() else { return nil }
            if isIt(message) { return message }
        }
        return nil
    }

    func send(_ text: String) { send(opcode: 1, Array(text.utf8)) }

    private func send(opcode: UInt8, _ payload: [UInt8]) {
        let mask: [UInt8] = [1, 2, 3, 4]
        var frame: [UInt8] = [0x80 | opcode]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        frame += mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
        write(frame)
    }

    private func frame() -> (opcode: UInt8, payload: [UInt8])? {
        let head = read(2)
        guard head.count == 2 else { return nil }
        var length = Int(head[1] & 0x7F)
        if length >= 126 { length = read(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
        let payload = read(length)
        return payload.count == length ? (head[0] & 0x0F, payload) : nil
    }

    private func read(_ count: Int) -> [UInt8] {
        while buffered.count < count {
            guard case .bytes(let bytes) = socket.receive() else { return [] }
            buffered += bytes
        }
        defer { buffered.removeFirst(count) }
        return Array(buffered[..<count])
    }

    private func write(_ bytes: [UInt8]) { socket.send(bytes) }
}
