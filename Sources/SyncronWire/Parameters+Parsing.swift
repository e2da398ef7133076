import NIOCore

extension Parameters {
    /// Forms and JSON are told by the content type; without a type known here the body must look like a form.
    static func kind(of body: ByteBuffer, contentType: String?) throws(APIError) -> BodyKind {
        if body.readableBytes == 0 { return .none }
        // What nearly all send is not picked apart.
        if contentType == "application/x-www-form-urlencoded" { return .form }
        if contentType == "application/json" { return .json }
        let type = (contentType ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        if type == "application/x-www-form-urlencoded" { return .form }
        if type == "application/json" { return .json }
        guard looksLikeForm(body.readableBytesUInt8Span) else {
            throw .invalidFormat("the body must be application/json or application/x-www-form-urlencoded")
        }
        return .form
    }

    /// `name=value` pairs whose names are plain identifiers.
    private static func looksLikeForm(_ bytes: Span<UInt8>) -> Bool {
        var nameLength = 0
        var isInName = true
        for i in 0..<bytes.count {
            switch bytes[i] {
            case UInt8(ascii: "&"):
                if isInName { return false }
                (isInName, nameLength) = (true, 0)
            case UInt8(ascii: "=") where isInName:
                if nameLength == 0 { return false }
                isInName = false
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                nameLength += 1
            default:
                if isInName { return false }
            }
        }
        return !isInName
    }

    /// `part` is what an error calls the bytes.
    mutating func readForm(_ input: Span<UInt8>, part: StaticString) throws(APIError) {
        var position = 0
        while position < input.count {
            if input[position] == UInt8(ascii: "&") {
                position += 1
                continue
            }
            let name = try decodeComponent(input, from: &position, isName: true, part: part)
            var value = name.upperBound..<name.upperBound
            if position < input.count, input[position] == UInt8(ascii: "=") {
                position += 1
                value = try decodeComponent(input, from: &position, isName: false, part: part)
            }
            guard !name.isEmpty else { throw .invalidFormat("a parameter without a name in the \(part)") }
            try add(name: name, value: value, origin: .text)
        }
    }

    /// Appends the bytes up to the component's end, percent-decoded, `+` as a blank.
    private mutating func decodeComponent(
        _ input: Span<UInt8>, from position: inout Int, isName: Bool, part: StaticString
    ) throws(APIError) -> Range<Int> {
        let start = bytes.count
        var seen: UInt8 = 0
        scan: while position < input.count {
            let run = position
            while position < input.count, Self.standsForItself(input[position], isName) {
                seen |= input[position]
                position += 1
            }
            input.extracting(run..<position).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            guard position < input.count else { break }
            switch input[position] {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard position + 2 < input.count, let high = Hex.value(input[position + 1]),
                    let low = Hex.value(input[position + 2])
                else { throw .invalidFormat("malformed percent-encoding in the \(part)") }
                seen |= high << 4 | low
                bytes.append(high << 4 | low)
                position += 2
            default: break scan
            }
            position += 1
        }
        if seen >= 0x80, (try? UTF8Span(validating: bytes.span.extracting(start...))) == nil {
            throw .invalidFormat("invalid UTF-8 in the \(part)")
        }
        return start..<bytes.count
    }

    private static func standsForItself(_ byte: UInt8, _ isName: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "%"): false
        case UInt8(ascii: "="): !isName
        default: true
        }
    }
}

// MARK: JSON

extension Parameters {
    mutating func readJSON(_ input: Span<UInt8>, nested: [String]) throws(APIError) {
        var members: [Entry] = []
        do throws(JSONFailure) {
            try readMembers(input, into: &members)
        } catch {
            throw .invalidFormat(error.description)
        }
        for member in members {
            let isKept = member.origin != .nested || nested.contains(text(at: member.name))
            let value = isKept ? member.value : member.value.lowerBound..<member.value.lowerBound
            try add(name: member.name, value: value, origin: member.origin)
        }
    }

    /// Reads one object; its nested values are checked and kept as they were written.
    private mutating func readMembers(_ input: Span<UInt8>, into members: inout [Entry]) throws(JSONFailure) {
        try JSONReader.checkUTF8(input)
        var reader = JSONReader()
        try reader.expect(UInt8(ascii: "{"), in: input)
        if !reader.take(UInt8(ascii: "}"), in: input) {
            repeat {
                let nameStart = bytes.count
                try reader.string(in: input, into: &bytes)
                let name = nameStart..<bytes.count
                try reader.expect(UInt8(ascii: ":"), in: input)
                let origin = try readValue(input, with: &reader)
                members.append(Entry(name: name, value: name.upperBound..<bytes.count, origin: origin))
            } while reader.take(UInt8(ascii: ","), in: input)
            try reader.expect(UInt8(ascii: "}"), in: input)
        }
        try reader.end(of: input)
    }

    private mutating func readValue(
        _ input: Span<UInt8>, with reader: inout JSONReader
    ) throws(JSONFailure) -> Origin {
        switch try reader.peek(input) {
        case UInt8(ascii: "\""):
            try reader.string(in: input, into: &bytes)
            return .text
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try reader.number(in: input, into: &bytes)
            return .number
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let start = reader.position
            _ = try reader.value(in: input, depth: JSONValue.maximumDepth - 1)
            for i in start..<reader.position { bytes.append(input[i]) }
            return .nested
        default:
            guard case .bool(let flag) = try reader.literal(in: input) else { return .null }
            bytes.append(contentsOf: (flag ? "true" : "false").utf8)
            return .bool
        }
    }
}
