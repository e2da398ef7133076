/// Each getter comes twice: by its name alone it refuses an absent parameter, with `ifGiven` it answers nil.
/// Every refusal is a 1006 that names the parameter.
extension Parameters {
    // MARK: Text

    /// Never empty.
    public func text(_ name: String) throws(APIError) -> String {
        try text(at: required(name), name)
    }

    public func text(ifGiven name: String) throws(APIError) -> String? {
        guard let entry = entry(name) else { return nil }
        return try text(at: entry, name)
    }

    private func text(at entry: Entry, _ name: String) throws(APIError) -> String {
        guard entry.origin == .text else { throw .invalidParameter(name, "must be a string") }
        guard !entry.value.isEmpty else { throw .invalidParameter(name, "must not be empty") }
        return text(at: entry.value)
    }

    /// 1 to 36 of `[A-Za-z0-9._:/-]`.
    public func clientOrderID(ifGiven name: String) throws(APIError) -> String? {
        guard let text = try text(ifGiven: name) else { return nil }
        guard text.utf8.count <= 36, text.utf8.allSatisfy(Self.isClientOrderIDByte) else {
            throw .invalidParameter(name, "must be 1 to 36 characters of A-Z a-z 0-9 . _ : / -")
        }
        return text
    }

    private static func isClientOrderIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "-"): true
        default: false
        }
    }

    // MARK: Choices

    /// A value of an enumeration, spelled exactly.
    public func choice<C: RawRepresentable>(_ name: String, as: C.Type = C.self) throws(APIError) -> C
    where C.RawValue == String {
        try choice(at: required(name), name)
    }

    public func choice<C: RawRepresentable>(ifGiven name: String, as: C.Type = C.self) throws(APIError) -> C?
    where C.RawValue == String {
        guard let entry = entry(name) else { return nil }
        return try choice(at: entry, name)
    }

    private func choice<C: RawRepresentable>(at entry: Entry, _ name: String) throws(APIError) -> C
    where C.RawValue == String {
        guard let value = C(rawValue: try text(at: entry, name)) else {
            throw .invalidParameter(name, "unknown value")
        }
        return value
    }

    /// `true` or `false`, also as a JSON boolean.
    public func boolean(_ name: String) throws(APIError) -> Bool {
        try boolean(at: required(name), name)
    }

    public func boolean(ifGiven name: String) throws(APIError) -> Bool? {
        guard let entry = entry(name) else { return nil }
        return try boolean(at: entry, name)
    }

    private func boolean(at entry: Entry, _ name: String) throws(APIError) -> Bool {
        if entry.origin == .text || entry.origin == .bool {
            if bytes[entry.value].elementsEqual("true".utf8) { return true }
            if bytes[entry.value].elementsEqual("false".utf8) { return false }
        }
        throw .invalidParameter(name, "must be true or false")
    }

    // MARK: Numbers

    /// Digits, with a minus sign only where `range` has negative numbers; also as a JSON number.
    public func integer(_ name: String, in range: ClosedRange<Int64>) throws(APIError) -> Int64 {
        try integer(at: required(name), name, in: range)
    }

    public func integer(ifGiven name: String, in range: ClosedRange<Int64>) throws(APIError) -> Int64? {
        guard let entry = entry(name) else { return nil }
        return try integer(at: entry, name, in: range)
    }

    private func integer(
        at entry: Entry, _ name: String, in range: ClosedRange<Int64>
    ) throws(APIError) -> Int64 {
        guard entry.origin == .text || entry.origin == .number else {
            throw .invalidParameter(name, "must be an integer")
        }
        var digits = bytes[entry.value]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard !digits.isEmpty, digits.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else {
            throw .invalidParameter(name, "must be an integer")
        }
        if isNegative, range.lowerBound >= 0 { throw .invalidParameter(name, Self.reason(outside: range)) }
        var value: Int64 = 0
        var hasOverflown = false
        for byte in digits {
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (product, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            value = sum
            hasOverflown = hasOverflown || first || second
        }
        guard !hasOverflown, range.contains(value) else {
            throw .invalidParameter(name, Self.reason(outside: range))
        }
        return value
    }

    private static func reason(outside range: ClosedRange<Int64>) -> String {
        if range.upperBound == .max { return "must be at least \(range.lowerBound)" }
        return "must be \(range.lowerBound) to \(range.upperBound)"
    }

    /// Money, a price or a quantity, exactly as written. A JSON number is refused: it may have been through a
    /// floating-point number on its way.
    public func decimal(_ name: String) throws(APIError) -> DecimalText {
        try decimal(at: required(name), name)
    }

    public func decimal(ifGiven name: String) throws(APIError) -> DecimalText? {
        guard let entry = entry(name) else { return nil }
        return try decimal(at: entry, name)
    }

    private func decimal(
        at entry: Entry, _ name: String, mayBeNumber: Bool = false
    ) throws(APIError) -> DecimalText {
        guard entry.origin == .text || (mayBeNumber && entry.origin == .number) else {
            throw .invalidParameter(name, "must be a decimal in a string")
        }
        do throws(DecimalText.Failure) {
            return try DecimalText(bytes.span.extracting(entry.value))
        } catch {
            throw .invalidParameter(name, Self.reason(error, decimals: DecimalText.maximumDecimals))
        }
    }

    /// The same as a count of 10^-`decimals`; more decimals than that are refused, trailing zeros apart.
    public func units(_ name: String, decimals: Int) throws(APIError) -> Int128 {
        try units(at: required(name), name, decimals: decimals)
    }

    public func units(ifGiven name: String, decimals: Int) throws(APIError) -> Int128? {
        guard let entry = entry(name) else { return nil }
        return try units(at: entry, name, decimals: decimals)
    }

    /// The same of what is no money: a JSON number is as good as a string.
    public func percentage(_ name: String, decimals: Int) throws(APIError) -> Int128 {
        try units(at: required(name), name, decimals: decimals, mayBeNumber: true)
    }

    private func units(
        at entry: Entry, _ name: String, decimals: Int, mayBeNumber: Bool = false
    ) throws(APIError) -> Int128 {
        let decimal = try decimal(at: entry, name, mayBeNumber: mayBeNumber)
        do throws(DecimalText.Failure) {
            return try decimal.units(decimals: decimals)
        } catch {
            throw .invalidParameter(name, Self.reason(error, decimals: decimals))
        }
    }

    private static func reason(_ failure: DecimalText.Failure, decimals: Int) -> String {
        switch failure {
        case .malformed: "must be a decimal number without sign, exponent or blank"
        case .tooManyDecimals: "more than \(decimals) decimals"
        case .tooLarge: "too large"
        }
    }

    // MARK: JSON

    /// A value that was nested in a JSON body, or JSON text.
    public func json(_ name: String) throws(APIError) -> JSONValue {
        try json(at: required(name), name)
    }

    public func json(ifGiven name: String) throws(APIError) -> JSONValue? {
        guard let entry = entry(name) else { return nil }
        return try json(at: entry, name)
    }

    private func json(at entry: Entry, _ name: String) throws(APIError) -> JSONValue {
        if entry.origin == .nested && entry.value.isEmpty { throw .invalidParameter(name, "must not be nested") }
        do throws(JSONFailure) {
            return try JSONReader.document(bytes.span.extracting(entry.value), depth: JSONValue.maximumDepth)
        } catch {
            throw .invalidParameter(name, error.description)
        }
    }

    private func required(_ name: String) throws(APIError) -> Entry {
        guard let entry = entry(name) else { throw .missingParameter(name) }
        return entry
    }
}
