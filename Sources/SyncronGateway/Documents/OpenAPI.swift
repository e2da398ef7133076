import NIOCore
import SyncronWire

/// The OpenAPI 3.1 description of routes, written from the routes themselves.
enum OpenAPI {
    static let version = "1"

    /// Routes that are not described are in it with their summary alone.
    static func document(of routes: [Route]) -> ByteBuffer {
        var json = JSONWriter(capacity: 256 << 10)
        json.beginObject()
        json.field("openapi", "3.1.0")
        json.key("info")
        json.beginObject()
        json.field("title", "Syncron")
        json.field("version", version)
        json.field("summary", "A cryptocurrency exchange: spot, margin and perpetuals behind REST and WebSocket.")
        json.field("description", introduction)
        json.endObject()
        json.key("paths")
        json.beginObject()
        var written: Set<String> = []
        for route in routes where written.insert(route.path).inserted {
            json.key(text: route.path)
            json.beginObject()
            for other in routes where other.path == route.path { json.operation(other) }
            json.endObject()
        }
        json.endObject()
        json.components()
        json.endObject()
        return json.buffer
    }

    private static let introduction = """
        Money, prices and quantities are decimal strings, times milliseconds since 1970. Parameters stand in the query \
        or, for POST, PUT and DELETE, in a form or flat JSON body. A signed request has its key in `X-API-KEY` and, as \
        the parameter `signature`, the HMAC-SHA256 in hexadecimal (or the Ed25519 signature in base64) of its query \
        and body as they are sent, without the signature itself.
        """

    /// The header fields of every answer but those of operations.
    static let headers: [(name: String, note: String)] = [
        ("X-SYNCRON-RATELIMIT-LIMIT", "Request weight in a minute, in the group of the route."),
        ("X-SYNCRON-RATELIMIT-REMAINING", "What is left of it."),
        ("X-SYNCRON-RATELIMIT-RESET", "When the minute ends, in milliseconds since 1970."),
    ]
    static let orderHeaders: [(name: String, note: String)] = [
        ("X-SYNCRON-ORDERLIMIT-LIMIT", "Placements and amendments in a second."),
        ("X-SYNCRON-ORDERLIMIT-REMAINING", "What is left of them."),
    ]

    static let sentences: [Int: String] = [
        400: "The request itself is wrong: 1005 or 1006.", 401: "Who asks is not established: 1002.",
        403: "Who asks may not do this: 1002.", 404: "There is no such thing: 1005 or 1006.",
        405: "The path has no such method: 1005.",
        409: "The exchange's present state refuses it: 1006 to 1010.", 413: "The body is too large: 1005.",
        429: "Too many requests or orders: 1003.", 500: "A mistake of the exchange: 1000 or 1004.",
        503: "Nothing was accepted, later it may be: 1001.",
    ]
}

extension JSONWriter {
    fileprivate mutating func operation(_ route: Route) {
        let document = route.document
        key(text: route.method.rawValue.lowercased())
        beginObject()
        field("summary", route.summary)
        field("operationId", operationID(route))
        texts("tags", [route.access == .operations ? "operations" : "\(route.group)"])
        field("description", "Request weight: \(route.weight.words).")
        if route.isSigned {
            key("security")
            raw(ByteBuffer(string: #"[{"key":[],"signature":[]}]"#))
        }
        if route.access == .session {
            key("security")
            raw(ByteBuffer(string: #"[{"session":[]}]"#))
        }
        let own = document?.parameters ?? []
        let bodied = route.takesBody ? own.filter { !$0.isInPath } : []
        let queried =
            route.takesBody
            ? own.filter(\.isInPath) + (route.isSigned ? ParameterDocument.signed : []) : route.allParameters
        key("parameters")
        beginArray()
        for parameter in queried { queryParameter(parameter) }
        endArray()
        if !bodied.isEmpty { requestBody(bodied) }
        responses(route, document)
        endObject()
    }

    private func operationID(_ route: Route) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return route.method.rawValue.lowercased() + words.joined()
    }

    private mutating func queryParameter(_ parameter: ParameterDocument) {
        beginObject()
        field("name", parameter.name)
        field("in", parameter.isInPath ? "path" : "query")
        field("required", parameter.isRequired)
        field("description", parameter.note)
        key("schema")
        form(parameter, isJSON: false)
        field("example", parameter.example)
        endObject()
    }

    private mutating func requestBody(_ parameters: [ParameterDocument]) {
        key("requestBody")
        beginObject()
        field("required", parameters.contains { $0.isRequired })
        key("content")
        beginObject()
        let hasLists = parameters.contains { if case .list = $0.form { true } else { false } }
        for type in ["application/json"] + (hasLists ? [] : ["application/x-www-form-urlencoded"]) {
            key(text: type)
            beginObject()
            key("schema")
            beginObject()
            field("type", "object")
            key("properties")
            beginObject()
            for parameter in parameters {
                key(text: parameter.name)
                form(parameter, isJSON: type == "application/json")
            }
            endObject()
            texts("required", parameters.filter(\.isRequired).map(\.name))
            endObject()
            endObject()
        }
        endObject()
        endObject()
    }

    /// What may be given for a parameter. In JSON a null counts as not given, and a number may be a string.
    private mutating func form(_ parameter: ParameterDocument, isJSON: Bool) {
        let null = isJSON && !parameter.isRequired ? ["null"] : []
        beginObject()
        if isJSON { field("description", parameter.note) }
        switch parameter.form {
        case .integer, .time:
            types(["integer"] + (isJSON ? ["string"] : []) + null)
            if isJSON { field("pattern", "^[0-9]+$") }
            if case .integer(let range) = parameter.form {
                field("minimum", range.lowerBound)
                field("maximum", range.upperBound)
            } else {
                field("minimum", 0)
                field("maximum", (Int64(1) << 62) - 1)
            }
        case .flag:
            types(["boolean"] + (isJSON ? ["string"] : []) + null)
            if isJSON { field("pattern", "^(true|false)$") }
        case .word(let words):
            types(["string"] + null)
            key("enum")
            beginArray()
            for word in words { value(word) }
            if !null.isEmpty { self.null() }
            endArray()
        case .decimal, .percentage:
            let isNumber = if case .percentage = parameter.form { isJSON } else { false }
            types(["string"] + (isNumber ? ["number"] : []) + null)
            field("pattern", "^[0-9]+([.][0-9]+)?$")
        case .clientOrderID:
            types(["string"] + null)
            field("pattern", "^[A-Za-z0-9._:/-]{1,36}$")
        case .text, .symbol, .asset:
            types(["string"] + null)
            field("minLength", 1)
        case .list(let items):
            types(["array"] + null)
            key("items")
            if case .anything = items { raw(ByteBuffer(string: #"{"type":"object"}"#)) } else { schema(items) }
        }
        if isJSON, case .list = parameter.form {} else if isJSON { texts("examples", [parameter.example]) }
        endObject()
    }

    private mutating func types(_ types: [String]) {
        if types.count == 1 { field("type", types[0]) } else { texts("type", types) }
    }

    private mutating func responses(_ route: Route, _ document: RouteDocument?) {
        key("responses")
        beginObject()
        key("200")
        beginObject()
        field("description", "What was asked for.")
        responseHeaders(route)
        key("content")
        beginObject()
        key(text: document?.contentType ?? "application/json")
        beginObject()
        key("schema")
        schema(document?.answer ?? .anything)
        endObject()
        endObject()
        endObject()
        for status in route.refusals {
            key(text: String(status))
            beginObject()
            field("description", OpenAPI.sentences[status] ?? "")
            responseHeaders(route)
            key("content")
            beginObject()
            key(text: "application/json")
            beginObject()
            key("schema")
            schema(status == 409 ? document?.conflict ?? .named("Error") : .named("Error"))
            endObject()
            endObject()
            endObject()
        }
        endObject()
    }

    private mutating func responseHeaders(_ route: Route) {
        key("headers")
        beginObject()
        var names = ["X-Request-Id"]
        if route.access != .operations { names += OpenAPI.headers.map(\.name) }
        if route.orderRate != .none { names += OpenAPI.orderHeaders.map(\.name) }
        for name in names {
            key(text: name)
            beginObject()
            field("$ref", "#/components/headers/\(name)")
            endObject()
        }
        endObject()
    }

    fileprivate mutating func components() {
        key("components")
        beginObject()
        key("schemas")
        beginObject()
        for (name, schema) in SchemaTable.all {
            key(text: name)
            self.schema(schema)
        }
        endObject()
        key("headers")
        beginObject()
        header("X-Request-Id", "The client's name for the request, or one made for it.", "string")
        for header in OpenAPI.headers + OpenAPI.orderHeaders { self.header(header.name, header.note, "integer") }
        endObject()
        key("securitySchemes")
        raw(
            ByteBuffer(
                string: #"{"key":{"type":"apiKey","in":"header","name":"X-API-KEY"},"#
                    + #""signature":{"type":"apiKey","in":"query","name":"signature"},"#
                    + #""session":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}}"#))
        endObject()
    }

    private mutating func header(_ name: String, _ note: String, _ type: String) {
        key(text: name)
        beginObject()
        field("description", note)
        field("required", true)
        key("schema")
        beginObject()
        field("type", type)
        endObject()
        endObject()
    }
}

extension Route {
    /// Whether its parameters are described as a body. All methods but GET take one; of a DELETE many clients send none.
    var takesBody: Bool { method == .post || method == .put }
}

extension Weight {
    var words: String {
        switch self {
        case .fixed(let weight): "\(weight)"
        case .bySymbol(let one, let all): "\(one), without symbol \(all)"
        case .byDepth: "1 for a limit up to 100, 5 up to 500, 10 up to 1000, else 50"
        }
    }
}
