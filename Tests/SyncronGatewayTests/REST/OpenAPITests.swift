import Foundation
import NIOCore
import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

/// The documents against the exchange: each route is asked as it is described, and must answer as it is described.
@Suite("The OpenAPI document", .timeLimit(.minutes(5)))
struct OpenAPITests {
    private static let offered = RouteTable.all

    @Test("every route is described", arguments: offered.map(\.name))
    func described(name: String) throws {
        let document = try #require(RouteDocuments.all[name], "add it to RouteDocuments")
        let names = document.parameters.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test("the document is OpenAPI 3.1, names every route and parameter, and every reference leads somewhere")
    func complete() throws {
        let document = try JSONValue(OpenAPI.document(of: Self.offered))
        #expect(document["openapi"]?.text == "3.1.0")
        for route in Self.offered {
            let operation = try #require(document["paths"]?[route.path]?[route.method.rawValue.lowercased()])
            var told = Set(operation["parameters"]?.items?.compactMap { $0["name"]?.text } ?? [])
            let body = operation["requestBody"]?["content"]?["application/json"]?["schema"]?["properties"]
            told.formUnion(body?.members?.map(\.name) ?? [])
            #expect(told == Set(route.allParameters.map(\.name)), "\(route.name)")
            #expect(operation["security"] != nil || !route.isSigned, "\(route.name)")
            let statuses = Set(operation["responses"]?.members?.map(\.name) ?? [])
            #expect(statuses == Set((route.refusals + [200]).map(String.init)), "\(route.name)")
        }
        let operations = document["paths"]?.members?.flatMap { $0.value.members ?? [] } ?? []
        let ids = operations.compactMap { $0.value["operationId"]?.text }
        #expect(ids.count == Self.offered.count && Set(ids).count == ids.count)
        for reference in Self.references(in: document) {
            let target = reference.dropFirst(2).split(separator: "/").reduce(JSONValue?.some(document)) { value, part in
                value?[String(part)]
            }
            #expect(target != nil, "\(reference)")
        }
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .array(let items): items.flatMap(references)
        case .object(let members):
            members.flatMap { member in
                if member.name == "$ref", let text = member.value.text { return [text] }
                return references(in: member.value)
            }
        case .null, .bool, .number, .string: []
        }
    }

    @Test("a form tells values that have it from those that have not")
    func forms() throws {
        let form = Schema.fields(["a": .decimal, "b?": .list(.integer), "c": .time.orNull])
        for text in [#"{"a":"1.5","c":null}"#, #"{"a":"-2","b":[1,2],"c":5}"#] {
            #expect(form.difference(from: try JSONValue(text)) == nil)
        }
        for (text, place) in [
            (#"{"a":1.5,"c":null}"#, "$.a"), (#"{"a":"1","b":["x"],"c":1}"#, "$.b[0]"), (#"{"a":"1"}"#, "c is missing"),
            (#"{"a":"1","c":null,"d":1}"#, "nobody told of d"), ("[]", "$"), (#"{"a":"1","c":"x"}"#, "$.c"),
        ] {
            #expect(form.difference(from: try JSONValue(text))?.contains(place) == true, "\(text)")
        }
    }

    @Test("every route answers as it is described, with each of its parameters")
    func answers() async throws {
        try await ServiceFixture.with(sandbox: true) { fixture in
            let desk = try await Desk(fixture)
            for route in Self.offered where route.document != nil {
                let answer = try await desk.ask(route)
                #expect(answer.status == 200 || route.document?.refusals.contains(answer.status) == true, "\(answer)")
                #expect(answer.difference == nil, "\(answer)")
                for parameter in route.document?.parameters ?? [] {
                    let answer = try await desk.ask(route, with: parameter)
                    #expect(
                        answer.status == 200 || route.refusals.contains(answer.status), "\(parameter.name): \(answer)")
                    #expect(answer.difference == nil, "\(parameter.name): \(answer)")
                }
            }
        }
    }

    @Test("every described parameter is read: without a value it is refused by its name")
    func parameters() async throws {
        try await ServiceFixture.with(sandbox: true) { fixture in
            let desk = try await Desk(fixture)
            for route in Self.offered {
                for parameter in route.allParameters where parameter.name != "timestamp" && !parameter.isInPath {
                    let answer = try await desk.ask(route, with: parameter, as: "")
                    #expect(answer.status == 400, "\(parameter.name): \(answer)")
                    #expect(answer.json["code"]?.integer == 1006, "\(parameter.name): \(answer)")
                    #expect(answer.json["details"]?["parameter"]?.text == parameter.name, "\(answer)")
                }
            }
        }
    }

    @Test("the pages show every route, plainly or with Swagger UI, and ask for nothing from elsewhere")
    func pages() async throws {
        try await ServiceFixture.with { fixture in
            let plain = await fixture.send("GET", "/docs").text
            for route in RouteTable.all where route.path != "/v1/sandbox/faucet" {
                #expect(plain.contains(">\(route.name)<"), "\(route.name)")
            }
            #expect(!plain.contains("/v1/sandbox/faucet"), "it is not offered here")
            #expect(await fixture.send("GET", "/docs/swagger-ui.css").status == 404)
            let front = await fixture.send("GET", "/").text
            for link in ["/docs", "/openapi.json", "/health/ready", "/metrics"] {
                #expect(front.contains(#"href="\#(link)""#))
            }
            for page in [plain, front, HTMLPages.swaggerUI] { #expect(!page.contains("//")) }
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "swagger-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["swagger-ui.css", "swagger-ui-bundle.js"] {
            try Data(name.utf8).write(to: folder.appending(path: name))
        }
        let documents = Documents(RouteTable.all, swaggerUI: folder.path)
        #expect(documents.hasSwaggerUI)
        #expect(documents.swaggerStyles == ByteBuffer(string: "swagger-ui.css"))
    }
}

/// Asks routes as they are described.
private struct Desk {
    struct Answer: CustomStringConvertible {
        var route: Route
        var query: String
        var status: Int
        var text: String
        /// Where it is not as described.
        var difference: String?

        var json: JSONValue { (try? JSONValue(text)) ?? .null }
        var description: String { "\(route.name)?\(query): \(status) \(text.prefix(400)) \(difference ?? "")" }
    }

    let fixture: ServiceFixture
    let trader: ServiceFixture.Trader
    /// Of someone who is logged in.
    let bearer: String

    private static let login = #"{"email":"desk@example.org","password":"correct horse battery"}"#

    init(_ fixture: ServiceFixture) async throws {
        self.fixture = fixture
        trader = try await fixture.trader(level: .vip)
        let most = ChangeAccount(account: trader.account, requestsPerMinute: .max, ordersPerSecond: .max)
        _ = try await fixture.node.submit(.changeAccount(most))
        let maker = try await fixture.trader()
        for (side, who) in [("SELL", maker), ("BUY", trader)] {
            let order = "symbol=BTC-USDT&side=\(side)&type=LIMIT&timeInForce=GTC&quantity=0.1&price=30000.00"
            _ = await fixture.send("POST", "/v1/trading/order", order, as: who)
        }
        try await fixture.index(#"{"BTC":"30000.00"}"#)
        for (path, query) in [
            ("transfer", "asset=BTC&amount=5&type=1"), ("transfer", "asset=USDT&amount=1000&type=1"),
            ("loan", "asset=USDT&amount=1000"),
        ] { _ = await fixture.margin("POST", path, query, as: trader) }
        for who in [trader, maker] {
            let move = "asset=USDT&amount=100000&from=spot&to=futures"
            _ = await fixture.send("POST", "/v1/futures/transfer", move, as: who)
        }
        await fixture.advance(1_000)
        for (side, who) in [("SELL", maker), ("BUY", trader)] {
            let order = "symbol=BTC-USDT-PERP&side=\(side)&type=LIMIT&timeInForce=GTC&quantity=0.1&price=30000.00"
            _ = await fixture.send("POST", "/v1/futures/order", order, as: who)
        }
        _ = await fixture.browse("POST", "/v1/auth/register", Self.login)
        bearer = await fixture.browse("POST", "/v1/auth/login", Self.login)["accessToken"]?.text ?? ""
    }

    private func openOrder(_ path: String = "/v1/trading/order") async -> String {
        let symbol = path.contains("futures") ? "BTC-USDT-PERP" : "BTC-USDT"
        let order = "symbol=\(symbol)&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=10000.00"
        let placed = await fixture.send("POST", path, order, as: trader)
        return "\(placed["orderId"]?.integer ?? 0)"
    }

    /// What makes a route's request a good one, beside its required parameters.
    private func context(of route: Route) async -> [String: String] {
        let isMargin = route.group == .margin || route.path.hasPrefix("/v1/futures/")
        if isMargin && route.path.hasSuffix("/order") && route.method != .post {
            return ["orderId": await openOrder(route.path)]
        }
        if isMargin && route.method == .post && route.path.contains("/order") {
            return ["timeInForce": "GTC", "quantity": "0.001", "price": "10000.00"]
        }
        switch route.name {
        case "POST /v1/trading/order", "POST /v1/trading/order/test":
            return ["timeInForce": "GTC", "quantity": "0.001", "price": "10000.00"]
        case "GET /v1/trading/order", "DELETE /v1/trading/order", "PUT /v1/trading/order":
            return ["orderId": await openOrder()]
        case "POST /v1/trading/order/cancelReplace":
            return [
                "timeInForce": "GTC", "quantity": "0.001", "price": "10000.00", "cancelOrderId": await openOrder(),
            ]
        case "POST /v1/trading/orders":
            return [
                "orders":
                    #"[{"symbol":"BTC-USDT","side":"BUY","type":"MARKET","quantity":"0.001"},{"symbol":"BTC-USDT"}]"#
            ]
        case "POST /v1/auth/login": return ["email": "desk@example.org"]
        case "POST /v1/auth/refresh", "POST /v1/auth/logout":
            let session = await fixture.browse("POST", "/v1/auth/login", Self.login)
            return ["refreshToken": session["refreshToken"]?.text ?? ""]
        case "PUT /v1/user/api-keys/{keyId}", "DELETE /v1/user/api-keys/{keyId}":
            let key = await fixture.browse(
                "POST", "/v1/user/api-keys", #"{"name":"desk","permissions":["read"]}"#, bearer: bearer)
            return ["keyId": key["apiKey"]?.text ?? ""]
        case "PUT /v1/userDataStream", "DELETE /v1/userDataStream":
            let opened = await fixture.send("POST", "/v1/userDataStream", as: trader)
            return ["listenKey": opened["listenKey"]?.text ?? ""]
        default: return [:]
        }
    }

    /// `parameter` is asked for with `value`, or with its example.
    func ask(_ route: Route, with parameter: ParameterDocument? = nil, as value: String? = nil) async throws -> Answer {
        var values: [String: String] = [:]
        for required in route.document?.parameters ?? [] where required.isRequired {
            values[required.name] = required.example
        }
        values.merge(await context(of: route)) { $1 }
        if let parameter {
            if parameter.name.lowercased().contains("clientorderid") && parameter.name != "newClientOrderId" {
                values["orderId"] = nil
            }
            values[parameter.name] = value ?? values[parameter.name] ?? parameter.example
        }
        let path = route.path.replacing("{keyId}", with: values.removeValue(forKey: "keyId") ?? "")
        let query = values.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "&")
        let sent = await fixture.send(
            route.method.rawValue, path, query, as: route.isSigned ? trader : nil,
            bearer: route.access == .session ? bearer : nil)
        var answer = Answer(route: route, query: query, status: sent.status, text: sent.text)
        if sent.status != 200 {
            let form = sent.status == 409 ? route.document?.conflict : nil
            answer.difference = (form ?? .named("Error")).difference(from: answer.json)
        } else if route.document?.contentType == "application/json" {
            answer.difference = route.document?.answer.difference(from: answer.json)
        }
        // Nothing that one question leaves is to fill a bound for the next.
        if route.name == "POST /v1/userDataStream", let key = answer.json["listenKey"]?.text {
            _ = await fixture.send("DELETE", "/v1/userDataStream", "listenKey=\(key)", as: trader)
        }
        if route.name == "PUT /v1/userDataStream" {
            _ = await fixture.send(
                "DELETE", "/v1/userDataStream", "listenKey=\(values["listenKey"] ?? "")", as: trader)
        }
        return answer
    }
}
