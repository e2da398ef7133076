import NIOCore
import SyncronWire

/// What a client asks of its connection: `{"method": "SUBSCRIBE", "params": ["btc-usdt@trade"], "id": 1}`.
struct ControlRequest: Sendable, Hashable {
    enum Method: Sendable, Hashable {
        case subscribe([StreamName])
        case unsubscribe([StreamName])
        case listSubscriptions
    }

    var method: Method
    /// An integer, a string or null: the answer carries it.
    var id: JSONValue

    /// A message that is no request, and the answer it gets.
    struct Refusal: Error, Sendable, Hashable {
        var error: APIError
        var id: JSONValue
    }

    private static let maximumDepth = 4
    private static let maximumIDLength = 64

    init(_ message: ByteBuffer) throws(Refusal) {
        let document: JSONValue
        do {
            document = try JSONValue(message, depth: Self.maximumDepth)
        } catch {
            throw Refusal(error: .invalidFormat(error.description), id: .null)
        }
        guard document.members != nil else {
            throw Refusal(error: .invalidFormat("a message is an object"), id: .null)
        }
        id = try Self.id(of: document)
        do {
            method = try Self.method(of: document)
        } catch {
            throw Refusal(error: error, id: id)
        }
    }

    private static func id(of document: JSONValue) throws(Refusal) -> JSONValue {
        switch document["id"] {
        case nil, .null: return .null
        case .number(let text)? where Int64(text) != nil: return .number(text)
        case .string(let text)? where text.utf8.count <= maximumIDLength: return .string(text)
        case _?:
            let error = APIError.invalidParameter(
                "id", "an integer, a text of at most \(maximumIDLength) bytes, or null")
            throw Refusal(error: error, id: .null)
        }
    }

    private static func method(of document: JSONValue) throws(APIError) -> Method {
        guard let method = document["method"] else { throw .missingParameter("method") }
        switch method.text {
        case "SUBSCRIBE": return .subscribe(try names(in: document))
        case "UNSUBSCRIBE": return .unsubscribe(try names(in: document))
        case "LIST_SUBSCRIPTIONS": return .listSubscriptions
        default: throw .invalidParameter("method", "one of SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS")
        }
    }

    private static func names(in document: JSONValue) throws(APIError) -> [StreamName] {
        guard let params = document["params"], params != .null else { throw .missingParameter("params") }
        guard let items = params.items, !items.isEmpty else {
            throw .invalidParameter("params", "a list of at least one stream")
        }
        var names: [StreamName] = []
        names.reserveCapacity(items.count)
        for item in items {
            guard let text = item.text else { throw .invalidParameter("params", "streams are named by texts") }
            names.append(try StreamName(parameter: text))
        }
        return names
    }
}

/// What a client is told about its request.
enum ControlAnswer: Sendable, Hashable {
    case done
    case subscriptions([String])
    case refused(APIError)

    func write(into json: inout JSONWriter, id: JSONValue) {
        json.beginObject()
        switch self {
        case .done:
            json.key("result")
            json.null()
        case .subscriptions(let names):
            json.key("result")
            json.beginArray()
            for name in names { json.value(name) }
            json.endArray()
        case .refused(let error):
            json.key("error")
            error.write(into: &json)
        }
        json.key("id")
        json.value(id)
        json.endObject()
    }
}

extension StreamName {
    /// A name among a request's `params`.
    init(parameter text: String) throws(APIError) {
        do {
            try self.init(text)
        } catch {
            throw APIError(naming: text, error)
        }
    }
}

extension APIError {
    /// The refusal of a stream's name.
    init(naming text: String, _ failure: StreamNameFailure, parameter: String = "params", status: Int = 400) {
        self = .invalidParameter(parameter, "'\(text.prefix(64))': \(failure.reason)", status: status)
    }
}
