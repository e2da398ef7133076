/// Reads JSON from UTF-8 bytes, value by value from the front.
///
/// The bytes are passed to each call, because a stored span would bind the reader's life to theirs.
struct JSONReader {
    private(set) var position = 0

    /// One whole document.
    static func document(_ bytes: Span<UInt8>, depth: Int) throws(JSONFailure) -> JSONValue {
        try checkUTF8(bytes)
        var reader = JSONReader()
        let value = try reader.value(in: bytes, depth: depth)
        try reader.end(of: bytes)
        return value
    }

    static func checkUTF8(_ bytes: Span<UInt8>) throws(JSONFailure) {
        do {
            _ = try UTF8Span(validating: bytes)
        } catch {
            throw JSONFailure(kind: .invalidUTF8, offset: error.byteOffsets.lowerBound)
        }
    }

    func failure(_ kind: JSONFailure.Kind = .malformed) -> JSONFailure { JSONFailure(kind: kind, offset: position) }

    /// The next byte that is no white space, without passing it.
    mutating func peek(_ bytes: Span<UInt8>) throws(JSONFailure) -> UInt8 {
        skipBlanks(bytes)
        guard position < bytes.count else { throw failure() }
        return bytes[position]
    }

    /// Passes `byte` after white space if it comes next.
    mutating func take(_ byte: UInt8, in bytes: Span<UInt8>) -> Bool {
        skipBlanks(bytes)
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8, in bytes: Span<UInt8>) throws(JSONFailure) {
        guard take(byte, in: bytes) else { throw failure() }
    }

    mutating func end(of bytes: Span<UInt8>) throws(JSONFailure) {
        skipBlanks(bytes)
        guard position == bytes.count else { throw failure() }
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}

// MARK: Values

extension JSONReader {
    /// The next value; `depth` is how many arrays and objects it may have within each other.
    mutating func value(in bytes: Span<UInt8>, depth: Int) throws(JSONFailure) -> JSONValue {
        switch try peek(bytes) {
        case UInt8(ascii: "{"): return try object(in: bytes, depth: depth)
        case UInt8(ascii: "["): return try array(in: bytes, depth: depth)
        case UInt8(ascii: "\""):
            var content: [UInt8] = []
            try string(in: bytes, into: &content)
            return .string(String(decoding: content, as: UTF8.self))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            var content: [UInt8] = []
            try number(in: bytes, into: &content)
            return .number(String(decoding: content, as: UTF8.self))
        default: return try literal(in: bytes)
        }
    }

    mutating func literal(in bytes: Span<UInt8>) throws(JSONFailure) -> JSONValue {
        switch try peek(bytes) {
        case UInt8(ascii: "t"): try word("true", in: bytes)
        case UInt8(ascii: "f"): try word("false", in: bytes)
        default: try word("null", in: bytes)
        }
    }

    private mutating func word(_ word: String, in bytes: Span<UInt8>) throws(JSONFailure) -> JSONValue {
        for byte in word.utf8 {
            guard position < bytes.count, bytes[position] == byte else { throw failure() }
            position += 1
        }
        return word == "null" ? .null : .bool(word == "true")
    }

    private mutating func array(in bytes: Span<UInt8>, depth: Int) throws(JSONFailure) -> JSONValue {
        guard depth > 0 else { throw failure(.tooDeep) }
        try expect(UInt8(ascii: "["), in: bytes)
        var items: [JSONValue] = []
        if take(UInt8(ascii: "]"), in: bytes) { return .array(items) }
        repeat {
            items.append(try value(in: bytes, depth: depth - 1))
        } while take(UInt8(ascii: ","), in: bytes)
        try expect(UInt8(ascii: "]"), in: bytes)
        return .array(items)
    }

    private mutating func object(in bytes: Span<UInt8>, depth: Int) throws(JSONFailure) -> JSONValue {
        guard depth > 0 else { throw failure(.tooDeep) }
        try expect(UInt8(ascii: "{"), in: bytes)
        var members: [JSONValue.Member] = []
        var names: Set<[UInt8]> = []
        if take(UInt8(ascii: "}"), in: bytes) { return .object(members) }
        repeat {
            guard try peek(bytes) == UInt8(ascii: "\"") else { throw failure() }
            var content: [UInt8] = []
            try string(in: bytes, into: &content)
            let name = String(decoding: content, as: UTF8.self)
            guard names.insert(content).inserted else { throw failure(.duplicateName(name)) }
            try expect(UInt8(ascii: ":"), in: bytes)
            members.append(JSONValue.Member(name: name, value: try value(in: bytes, depth: depth - 1)))
        } while take(UInt8(ascii: ","), in: bytes)
        try expect(UInt8(ascii: "}"), in: bytes)
        return .object(members)
    }
}

// MARK: Strings and numbers

extension JSONReader {
    /// Appends the text of the number that comes next.
    mutating func number(in bytes: Span<UInt8>, into output: inout [UInt8]) throws(JSONFailure) {
        let start = position
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits(in: bytes)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits(in: bytes)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try digits(in: bytes)
        }
        for i in start..<position { output.append(bytes[i]) }
    }

    private mutating func digits(in bytes: Span<UInt8>) throws(JSONFailure) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
        guard position > start else { throw failure() }
    }

    /// Appends the contents of the string that comes next, its escapes resolved.
    mutating func string(in bytes: Span<UInt8>, into output: inout [UInt8]) throws(JSONFailure) {
        try expect(UInt8(ascii: "\""), in: bytes)
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
                try escape(in: bytes, into: &output)
            case 0..<0x20: throw failure()
            default:
                output.append(byte)
                position += 1
            }
        }
        throw failure()
    }

    private mutating func escape(in bytes: Span<UInt8>, into output: inout [UInt8]) throws(JSONFailure) {
        guard position < bytes.count else { throw failure() }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(in: bytes)
            output.append(contentsOf: UTF8.encode(scalar)!)
        default: throw failure()
        }
    }

    /// What follows `\u`: four digits, or a pair of surrogates. A surrogate alone is no character.
    private mutating func escapedScalar(in bytes: Span<UInt8>) throws(JSONFailure) -> Unicode.Scalar {
        let first = try escapedUnit(in: bytes)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        else { throw failure() }
        position += 2
        let second = try escapedUnit(in: bytes)
        guard UTF16.isTrailSurrogate(second) else { throw failure() }
        let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(code) else { throw failure() }
        return scalar
    }

    private mutating func escapedUnit(in bytes: Span<UInt8>) throws(JSONFailure) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure() }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(bytes[position]) else { throw failure() }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
