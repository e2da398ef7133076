import ArgumentParser
import Foundation
import SyncronWire

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Where the admin listener of a running exchange is, and the token for it.
struct AdminOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The data directory, for the token in it.", valueName: "dir"))
    var data = "data"

    @Option(help: "The port of the admin listener.")
    var adminPort = 8_081

    func validate() throws {
        guard (1...65_535).contains(adminPort) else { throw ValidationError("--admin-port must be 1 to 65535.") }
    }

    /// Sends one call and prints the answer. Throws when the exchange does not answer with success.
    func call(_ method: String, _ path: String, _ body: [AdminField] = []) async throws {
        guard let url = URL(string: "http://127.0.0.1:\(adminPort)\(path)") else {
            throw ValidationError("\(path) is no path.")
        }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue("Bearer \(try token())", forHTTPHeaderField: "Authorization")
        if method != "GET" {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = AdminField.json(body)
        }
        // A snapshot or a long advance of the clock may take minutes.
        request.timeoutInterval = 3_600
        let (data, response) = try await answer(to: request)
        Console.print(String(decoding: data, as: UTF8.self))
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw ExitCode.failure }
    }

    /// An exchange that is not there, or went away meanwhile.
    struct Unreachable: Error, CustomStringConvertible {
        let description: String
    }

    private func answer(to request: URLRequest) async throws -> (Data, URLResponse) {
        do {
            return try await URLSession.shared.data(for: request)
        } catch let error as URLError {
            let why = error.code == .timedOut ? "did not answer in time" : "does not answer"
            throw Unreachable(
                description: "The admin listener on 127.0.0.1:\(adminPort) \(why). Is the exchange running there?"
                    + " --admin-port names another port.")
        }
    }

    private func token() throws -> String {
        if let token = ProcessInfo.processInfo.environment["SYNCRON_ADMIN_TOKEN"] { return token }
        guard let bytes = FileManager.default.contents(atPath: "\(data)/admin.token") else {
            throw ValidationError("There is no token in \(data)/admin.token; set --data or SYNCRON_ADMIN_TOKEN.")
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// One member of a call's JSON body; left out when its value is nil.
struct AdminField {
    enum Value {
        case text(String)
        case number(Int64)
        case truth(Bool)
        case list([JSONValue])
        case null
    }

    var name: String
    var value: Value?

    init(_ name: String, _ text: String?) { (self.name, value) = (name, text.map { .text($0) }) }
    init(_ name: String, number: (some BinaryInteger)?) {
        (self.name, value) = (name, number.map { .number(Int64($0)) })
    }
    init(_ name: String, truth: Bool?) { (self.name, value) = (name, truth.map { .truth($0) }) }
    init(_ name: String, texts: [String]) { self.init(name, list: texts.map { .string($0) }) }
    /// Left out when it is empty.
    init(_ name: String, list: [JSONValue]) { (self.name, value) = (name, list.isEmpty ? nil : .list(list)) }

    init(null name: String) { (self.name, value) = (name, .null) }

    static func json(_ fields: [AdminField]) -> Data {
        var json = JSONWriter()
        json.beginObject()
        for field in fields {
            guard let value = field.value else { continue }
            json.key(text: field.name)
            switch value {
            case .text(let text): json.value(text)
            case .number(let number): json.value(number)
            case .truth(let truth): json.value(truth)
            case .list(let items): json.value(JSONValue.array(items))
            case .null: json.null()
            }
        }
        json.endObject()
        return Data(json.buffer.readableBytesView)
    }
}
