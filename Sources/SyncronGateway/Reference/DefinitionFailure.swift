import SyncronWire

/// What is wrong with the definition of an asset, a market or a whole exchange: every bad value, not only the first.
public struct DefinitionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public struct Problem: Sendable, Hashable {
        /// What it is found in, such as `markets[2]`; empty for the definition itself.
        public var place: String
        /// The name of the bad value.
        public var name: String
        public var reason: String
    }

    public var problems: [Problem]

    public var description: String {
        problems.map { $0.place.isEmpty ? "\($0.name): \($0.reason)" : "\($0.place).\($0.name): \($0.reason)" }
            .joined(separator: "; ")
    }

    /// The refusal of a request that carried the definition.
    var asAPIError: APIError {
        guard let first = problems.first else { return .unexpected }
        return .invalidParameter(first.name, problems.count == 1 ? first.reason : description)
    }
}

/// Reads the values of one JSON object and remembers all that is wrong with them.
///
/// Decimals and amounts are text; whole numbers are numbers or text.
struct DefinitionReader {
    private(set) var problems: [DefinitionFailure.Problem] = []
    private let place: String

    init(place: String = "") { self.place = place }

    /// The same problem is remembered once.
    mutating func add(_ name: String, _ reason: String) {
        let problem = DefinitionFailure.Problem(place: place, name: name, reason: reason)
        if !problems.contains(problem) { problems.append(problem) }
    }

    mutating func add(_ failure: DefinitionFailure) { problems += failure.problems }

    /// Throws when `value` is no object; `name` stands for it.
    mutating func requireObject(_ name: String, _ value: JSONValue) throws(DefinitionFailure) {
        if value.members == nil { add(name, "must be an object") }
        try finish()
    }

    /// Throws when anything was wrong.
    func finish() throws(DefinitionFailure) {
        if !problems.isEmpty { throw DefinitionFailure(problems: problems) }
    }

    /// Nil when there is no value, or null.
    mutating func text(_ name: String, _ value: JSONValue?) -> String? {
        switch value {
        case nil, .null: return nil
        case .string(let text) where !text.isEmpty: return text
        default:
            add(name, "must be text")
            return nil
        }
    }

    /// As above, but it must be there. Empty when it is wrong.
    mutating func requiredText(_ name: String, _ value: JSONValue?) -> String {
        if value == nil || value == .null { add(name, "is missing") }
        return text(name, value) ?? ""
    }

    mutating func integer(_ name: String, _ value: JSONValue?, in range: ClosedRange<Int64>) -> Int64? {
        let number: Int64?
        switch value {
        case nil, .null: return nil
        case .number(let digits), .string(let digits): number = Int64(digits)
        default: number = nil
        }
        guard let number, range.contains(number) else {
            add(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A count of 10^-`decimals`.
    mutating func units<I: FixedWidthInteger>(
        _ name: String, _ value: JSONValue?, decimals: Int, as type: I.Type = I.self
    ) -> I? {
        switch value {
        case nil, .null: return nil
        case .string(let text):
            do throws(DecimalText.Failure) {
                return try DecimalText.units(text, decimals: decimals, as: type)
            } catch {
                switch error {
                case .malformed: add(name, "must be a decimal number")
                case .tooManyDecimals: add(name, "must have at most \(decimals) decimals")
                case .tooLarge: add(name, "is too large")
                }
            }
        default: add(name, "must be a decimal number as text")
        }
        return nil
    }
}
