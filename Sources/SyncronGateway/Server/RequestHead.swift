import NIOCore
import NIOHTTP1
import SyncronWire

/// What the head of a request says, as far as the transport cares.
struct RequestHead {
    let method: String
    let path: String
    let query: ByteBuffer
    /// What the service may want to know.
    private(set) var headers = RequestHeaders()
    /// Everything that was sent, for the opening of a WebSocket.
    let fields: HTTPHeaders
    /// Whether the client wants to send more on this connection.
    let keepsAlive: Bool
    let isHTTP10: Bool
    /// What the client called the request, when that can be repeated to it.
    private(set) var requestID: String?
    private(set) var origin: String?
    private(set) var contentLength: Int?
    private(set) var expectsContinue = false
    /// Whether it asks to leave HTTP. The decoder takes nothing more after such a request.
    private(set) var asksForUpgrade: Bool
    private(set) var asksForWebSocket = false
    /// Whether a CORS preflight names the method it is about.
    private(set) var isPreflight = false

    init(_ head: HTTPRequestHead) throws(APIError) {
        method = head.method.rawValue
        fields = head.headers
        keepsAlive = head.isKeepAlive
        isHTTP10 = head.version.minor == 0
        asksForUpgrade = head.method == .CONNECT
        let target = try RequestTarget(head.uri)
        path = target.path
        query = target.query
        try readFields(head)
    }

    private mutating func readFields(_ head: HTTPRequestHead) throws(APIError) {
        var hosts = 0
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where name.isField("host"): hosts += 1
            case 6 where name.isField("origin"): origin = value
            case 6 where name.isField("expect"):
                guard value.isField("100-continue") else { throw .invalidFormat("unknown expectation", status: 417) }
                expectsContinue = true
            case 7 where name.isField("upgrade"):
                asksForUpgrade = true
                if value.hasToken("websocket") { asksForWebSocket = true }
            case 12 where name.isField("x-request-id"):
                if Self.canRepeat(value) { requestID = value }
            case 14 where name.isField("content-length"): contentLength = Int(value) ?? .max
            case 29 where name.isField("access-control-request-method"): isPreflight = head.method == .OPTIONS
            default: headers.note(name, value)
            }
        }
        guard hosts == 1 || hosts == 0 && isHTTP10 else {
            throw .invalidFormat("a request needs one Host field")
        }
        if asksForWebSocket { asksForWebSocket = head.headers["connection"].contains { $0.hasToken("upgrade") } }
    }

    /// 1 to 64 letters, digits and `.`, `_`, `-`.
    static func canRepeat(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

/// The path and the query of a request line.
struct RequestTarget {
    /// Percent-decoded.
    var path: String
    /// As sent.
    var query: ByteBuffer

    init(_ uri: String) throws(APIError) {
        let bytes = uri.utf8.span
        var question = bytes.count
        var isEncoded = false
        for i in 0..<bytes.count {
            switch bytes[i] {
            case 0...0x20, 0x7F..., UInt8(ascii: "#"): throw .invalidFormat("malformed request target")
            case UInt8(ascii: "?"): question = min(question, i)
            case UInt8(ascii: "%") where i < question: isEncoded = true
            default: break
            }
        }
        let start = try Self.pathStart(uri, pathEnd: question)
        query = ByteBuffer()
        if question + 1 < bytes.count { query.writeBytes(bytes.extracting((question + 1)...).bytes) }
        if start == 0, question == bytes.count, !isEncoded {
            path = uri
        } else {
            path = try Self.decode(bytes.extracting(start..<question))
        }
    }

    /// Behind the scheme and the host that a client of a proxy sends.
    private static func pathStart(_ uri: String, pathEnd: Int) throws(APIError) -> Int {
        let bytes = uri.utf8.span
        if bytes.count > 0, bytes[0] == UInt8(ascii: "/") { return 0 }
        if bytes.count == 1, bytes[0] == UInt8(ascii: "*") { return 0 }
        let lowercased = uri.prefix(8).lowercased()
        guard lowercased.hasPrefix("http://") || lowercased == "https://" else {
            throw .invalidFormat("malformed request target")
        }
        var position = lowercased == "https://" ? 8 : 7
        while position < pathEnd && bytes[position] != UInt8(ascii: "/") { position += 1 }
        return position
    }

    private static func decode(_ bytes: Span<UInt8>) throws(APIError) -> String {
        if bytes.count == 0 { return "/" }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            var byte = bytes[position]
            if byte == UInt8(ascii: "%") {
                guard position + 2 < bytes.count, let high = Hex.value(bytes[position + 1]),
                    let low = Hex.value(bytes[position + 2])
                else { throw .invalidFormat("malformed percent-encoding in the path") }
                byte = high << 4 | low
                position += 2
            }
            output.append(byte)
            position += 1
        }
        guard let path = String(validating: output, as: UTF8.self) else {
            throw .invalidFormat("invalid UTF-8 in the path")
        }
        return path
    }
}

extension Span<UInt8> {
    /// Whether this is `name`, which is in lower case, in any case.
    func isField(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        for i in 0..<count {
            let byte = self[i]
            let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            if lower != name.utf8Start[i] { return false }
        }
        return true
    }
}

extension String {
    /// Whether this is `name`, which is in lower case, in any case.
    func isField(_ name: StaticString) -> Bool { utf8.span.isField(name) }

    /// Whether this is a list separated by commas that has `token`, which is in lower case, in any case.
    func hasToken(_ token: String) -> Bool {
        split(separator: ",").contains { $0.trimmingBlanks().lowercased() == token }
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
