import SyncronWire

/// What a client must know of a route beyond what the route itself says: the parameters, and what is answered.
struct RouteDocument: Sendable {
    var parameters: [ParameterDocument]
    var answer: Schema
    /// Statuses of refusals beyond those of every route of its kind.
    var refusals: [Int]
    var contentType: String
    /// What stands in a 409.
    var conflict = Schema.named("Error")

    init(
        _ answer: Schema, _ parameters: ParameterDocument..., refusals: [Int] = [],
        contentType: String = "application/json"
    ) {
        self.init(answer, parameters, refusals: refusals, contentType: contentType)
    }

    init(
        _ answer: Schema, _ parameters: [ParameterDocument], refusals: [Int] = [],
        contentType: String = "application/json"
    ) {
        self.answer = answer
        // What is done in two steps tells of both also when one is refused.
        if case .named("Replacement") = answer { conflict = .either([.named("Error"), answer]) }
        self.parameters = parameters
        self.refusals = refusals
        self.contentType = contentType
    }
}

/// One parameter of a route.
struct ParameterDocument: Sendable {
    enum Form: Sendable {
        /// Any text but an empty one.
        case text
        /// The name of a market, in any accepted spelling.
        case symbol
        case asset
        case clientOrderID
        case decimal
        /// A decimal that is no money: in JSON a number will do.
        case percentage
        case time
        case integer(ClosedRange<Int64>)
        case word([String])
        case flag
        /// A list of objects in a JSON body.
        case list(Schema)
    }

    var name: String
    var form: Form
    var isRequired: Bool
    var note: String
    /// As it is written in a query.
    var example: String
    /// Whether it is a part of the path.
    var isInPath = false

    static func required(_ name: String, _ form: Form, _ note: String, _ example: String? = nil) -> Self {
        Self(name: name, form: form, isRequired: true, note: note, example: example ?? form.example)
    }

    static func path(_ name: String, _ note: String) -> Self {
        Self(name: name, form: .text, isRequired: true, note: note, example: "text", isInPath: true)
    }

    static func optional(_ name: String, _ form: Form, _ note: String, _ example: String? = nil) -> Self {
        Self(name: name, form: form, isRequired: false, note: note, example: example ?? form.example)
    }
}

extension ParameterDocument.Form {
    fileprivate var example: String {
        switch self {
        case .text: "text"
        case .symbol: "BTC-USDT"
        case .asset: "USDT"
        case .clientOrderID: "my_order_id_123"
        case .decimal, .percentage: "1"
        case .time: "1626825600000"
        case .integer(let range): String(min(max(range.lowerBound, 5), range.upperBound))
        case .word(let words): words.first ?? ""
        case .flag: "true"
        case .list: "[]"
        }
    }
}

extension Route {
    /// `GET /v1/time`.
    var name: String { "\(method.rawValue) \(path)" }

    /// Nil for a route that nobody has described, which the tests do not let pass.
    var document: RouteDocument? { RouteDocuments.all[name] }

    /// Whether it asks for a key and a signature.
    var isSigned: Bool {
        switch access {
        case .key, .sandboxKey: true
        case .operations, .anyone, .session: false
        }
    }

    /// Every parameter that it reads, those of the signature included.
    var allParameters: [ParameterDocument] {
        let own = document?.parameters ?? []
        return isSigned ? own + ParameterDocument.signed : own
    }

    /// The statuses with which it can refuse.
    var refusals: [Int] {
        guard access != .operations else { return document?.refusals ?? [] }
        let signed = isSigned || access == .session ? [401, 403] : []
        return Set([400, 413, 429, 500, 503] + signed + (document?.refusals ?? [])).sorted()
    }
}

extension ParameterDocument {
    /// What every signed request carries beside its signature.
    static let signed = [
        ParameterDocument.required("timestamp", .integer(0...Int64.max), "When it was signed, in milliseconds."),
        .optional("recvWindow", .integer(0...60_000), "How long it is good for, in milliseconds; 5000.", "5000"),
    ]
    static let symbol = ParameterDocument.required("symbol", .symbol, "The market.")
    static let oneSymbol = ParameterDocument.optional("symbol", .symbol, "One market; all without it.")
    static let startTime = ParameterDocument.optional("startTime", .time, "The earliest, in milliseconds.")
    static let endTime = ParameterDocument.optional("endTime", .time, "The latest, in milliseconds.", "4102444800000")
    static let orderID = ParameterDocument.optional("orderId", .integer(0...Int64.max), "The order.", "1")
    static let clientOrderID = ParameterDocument.optional(
        "clientOrderId", .clientOrderID, "The order by the client's name for it.")

    static func limit(_ most: Int64, _ usual: Int) -> ParameterDocument {
        .optional("limit", .integer(1...most), "How many at most; \(usual).")
    }
}
