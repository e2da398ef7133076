import Foundation
import NIOCore
import SyncronWire

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// An answer as it came.
struct Answer: Sendable {
    var status: Int
    var headers: [String: String]
    var text: String

    var json: JSONValue { (try? JSONValue(text)) ?? .null }
    var code: Int64? { json["code"]?.integer }
    var filter: String? { json["details"]?["filter"]?.text }
    var parameter: String? { json["details"]?["parameter"]?.text }
}

enum HTTPClient {
    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 30
        configuration.httpMaximumConnectionsPerHost = 16
        return URLSession(configuration: configuration)
    }()

    /// Throws when there is no answer at all.
    static func send(
        _ method: String, _ url: String, headers: [String: String] = [:], body: String? = nil
    ) async throws -> Answer {
        guard let url = URL(string: url) else { throw ExchangeProcess.Failure(description: "no URL: \(url)") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        request.httpBody = body.map { Data($0.utf8) }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else {
            throw ExchangeProcess.Failure(description: "not HTTP")
        }
        var fields: [String: String] = [:]
        for (name, value) in response.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
        return Answer(status: response.statusCode, headers: fields, text: String(decoding: data, as: UTF8.self))
    }
}

extension ExchangeProcess {
    var url: String { "http://127.0.0.1:\(port)" }

    func get(_ path: String) async throws -> Answer { try await HTTPClient.send("GET", url + path) }

    func admin(_ method: String, _ path: String, _ body: String? = nil) async throws -> Answer {
        try await HTTPClient.send(
            method, "http://127.0.0.1:\(adminPort)\(path)",
            headers: ["Authorization": "Bearer \(adminToken)", "Content-Type": "application/json"], body: body)
    }

    /// Opens an account with funds and a key that may do everything, without limits worth speaking of.
    func trader(_ funds: KeyValuePairs<String, String>) async throws -> Trader {
        let opened = try await admin("POST", "/admin/accounts", #"{"level": "VIP"}"#)
        guard let id = opened.json["accountId"]?.integer else { throw Failure(description: opened.text) }
        let limits = #"{"requestsPerMinute": 4294967295, "ordersPerSecond": 4294967295}"#
        _ = try await admin("PUT", "/admin/accounts/\(id)", limits)
        let made = try await admin(
            "POST", "/admin/accounts/\(id)/api-keys",
            #"{"name": "test", "permissions": ["read", "trade", "withdraw", "transfer"]}"#)
        guard let key = made.json["apiKey"]?.text, let secret = made.json["secret"]?.text else {
            throw Failure(description: made.text)
        }
        for (asset, amount) in funds {
            let deposit = try await admin(
                "POST", "/admin/deposits",
                #"{"accountId": \#(id), "asset": "\#(asset)", "amount": "\#(amount)", "txId": "first"}"#)
            guard deposit.status == 200 else { throw Failure(description: deposit.text) }
        }
        return Trader(url: url, account: id, key: key, secret: secret)
    }
}

/// A client with a key.
struct Trader: Sendable {
    var url: String
    var account: Int64
    var key: String
    var secret: String
    /// The exchange's time, where it stands still; nil for the real one.
    var clock: Int64?

    func signed(_ parameters: String) -> String {
        let time = clock ?? Int64(Date().timeIntervalSince1970 * 1_000)
        let text = parameters.isEmpty ? "timestamp=\(time)" : "\(parameters)&timestamp=\(time)"
        let payload = SignedPayload(query: ByteBuffer(string: text), body: ByteBuffer(), bodyKind: .none)
        return "\(text)&signature=\(HMACKey(secret: secret).signature(of: payload))"
    }

    func send(_ method: String, _ path: String, _ parameters: String = "") async throws -> Answer {
        try await HTTPClient.send(method, "\(url)\(path)?\(signed(parameters))", headers: ["X-API-KEY": key])
    }

    func place(_ parameters: String) async throws -> Answer { try await send("POST", "/v1/trading/order", parameters) }

    func limit(_ side: String, _ quantity: String, _ price: String, _ more: String = "") async throws -> Answer {
        try await place(
            "symbol=BTC-USDT&side=\(side)&type=LIMIT&timeInForce=GTC&quantity=\(quantity)&price=\(price)\(more)")
    }

    /// Free and locked of an asset.
    func balance(_ asset: String) async throws -> (free: String, locked: String) {
        let info = try await send("GET", "/v1/account/info")
        for balance in info.json["balances"]?.items ?? [] where balance["asset"]?.text == asset {
            return (balance["free"]?.text ?? "", balance["locked"]?.text ?? "")
        }
        return ("", "")
    }
}
