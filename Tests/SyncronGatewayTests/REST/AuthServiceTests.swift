import Crypto
import NIOCore
import SyncronCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Registration, sessions, second factor and own keys over the service")
struct AuthServiceTests {
    private static let password = "correct horse battery"

    /// Someone with a browser.
    private struct Person {
        let exchange: ServiceFixture
        var access = ""
        var refresh = ""

        func send(_ method: String, _ path: String, _ body: String = "", token: String? = nil) async
            -> ServiceFixture.Answer
        {
            await exchange.browse(method, path, body, bearer: token ?? access)
        }

        mutating func login(_ more: String = "") async -> ServiceFixture.Answer {
            let answer = await exchange.browse(
                "POST", "/v1/auth/login", #"{"email":"Ada@Example.org","password":"\#(password)"\#(more)}"#)
            access = answer["accessToken"]?.text ?? access
            refresh = answer["refreshToken"]?.text ?? refresh
            return answer
        }
    }

    private func with(_ body: (ServiceFixture, inout Person) async throws -> Void) async throws {
        try await ServiceFixture.with { exchange in
            let answer = await exchange.browse(
                "POST", "/v1/auth/register", #"{"email":"ada@example.org","password":"\#(Self.password)"}"#)
            #expect(answer.text == #"{"accountId":1,"email":"ada@example.org"}"#)
            var person = Person(exchange: exchange)
            #expect(await person.login().status == 200)
            try await body(exchange, &person)
        }
    }

    @Test("a session reads and trades without signatures, and withdraws nothing")
    func session() async throws {
        try await with { exchange, person in
            let info = await person.send("GET", "/v1/account/info")
            #expect(info.status == 200 && info["accountId"]?.integer == 1)
            try await exchange.fund(AccountID(1), "USDT", "1000")
            let order = await person.send(
                "POST", "/v1/trading/order",
                #"{"symbol":"BTC-USDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"0.01","price":"30000"}"#
            )
            #expect(order["status"]?.text == "NEW")
            let withdrawal = await person.send("POST", "/v1/account/withdraw", "{}")
            #expect(withdrawal.summary == "403 1002")
            for token in ["", "x", person.access + "x", person.refresh] {
                let refused = await exchange.browse("GET", "/v1/account/info", bearer: token)
                #expect(refused.summary == "401 1002")
            }
            #expect(await person.send("GET", "/v1/account/info").header("X-SYNCRON-RATELIMIT-LIMIT") == "1200")
        }
    }

    @Test("an access token is a JWT that ends by itself, and cannot be made by others")
    func token() async throws {
        try await with { exchange, person in
            let parts = person.access.split(separator: ".")
            #expect(parts.count == 3 && parts[0] == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9")
            // {"alg":"none","typ":"JWT"}
            let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.\(parts[1])."
            #expect(await exchange.browse("GET", "/v1/account/info", bearer: none).summary == "401 1002")
            let forged = AccessToken(account: AccountID(1), session: "s", issuedAt: 0, expiresAt: .max / 2)
                .signed(with: SymmetricKey(size: .bits256))
            #expect(await exchange.browse("GET", "/v1/account/info", bearer: forged).summary == "401 1002")
            exchange.clock.advance(899_000)
            #expect(await person.send("GET", "/v1/account/info").status == 200)
            exchange.clock.advance(1_000)
            #expect(await person.send("GET", "/v1/account/info").summary == "401 1002")
        }
    }

    @Test("a refresh token is good once; used again it ends the session")
    func refresh() async throws {
        try await with { exchange, person in
            let first = person.refresh
            let body = #"{"refreshToken":"\#(first)"}"#
            let second = await exchange.browse("POST", "/v1/auth/refresh", body)
            #expect(second.status == 200 && second["expiresIn"]?.integer == 900)
            let access = try #require(second["accessToken"]?.text)
            #expect(await exchange.browse("GET", "/v1/account/info", bearer: access).status == 200)
            #expect(await exchange.browse("POST", "/v1/auth/refresh", body).summary == "401 1002")
            #expect(await exchange.browse("GET", "/v1/account/info", bearer: access).summary == "401 1002")
            let stolen = #"{"refreshToken":"\#(second["refreshToken"]?.text ?? "")"}"#
            #expect(await exchange.browse("POST", "/v1/auth/refresh", stolen).summary == "401 1002")
            let missing = await exchange.browse("POST", "/v1/auth/refresh", "{}")
            #expect(missing.summary == "400 1006" && missing.detail("parameter") == "refreshToken")
        }
    }

    @Test("logging out ends the session, by either of its tokens")
    func logout() async throws {
        try await with { exchange, person in
            #expect(await person.send("POST", "/v1/auth/logout").text == "{}")
            #expect(await person.send("GET", "/v1/account/info").summary == "401 1002")
            #expect(
                await exchange.browse("POST", "/v1/auth/refresh", #"{"refreshToken":"\#(person.refresh)"}"#).summary
                    == "401 1002")
            #expect(await person.login().status == 200)
            let body = #"{"refreshToken":"\#(person.refresh)"}"#
            #expect(await exchange.browse("POST", "/v1/auth/logout", body).text == "{}")
            #expect(await person.send("GET", "/v1/account/info").summary == "401 1002")
            #expect(await exchange.browse("POST", "/v1/auth/logout", "{}").summary == "401 1002")
        }
    }

    @Test("a bad registration names what is wrong, and an email has one account")
    func registration() async throws {
        try await with { exchange, _ in
            for (body, summary, name) in [
                (#"{"password":"correct horse"}"#, "400 1006", "email"),
                (#"{"email":"a@b.c"}"#, "400 1006", "password"),
                (#"{"email":"a@b.c","password":"elevenchars"}"#, "400 1006", "password"),
                (#"{"email":"a@b.c","password":123456789012}"#, "400 1006", "password"),
                (#"{"email":"ab.c","password":"correct horse"}"#, "400 1006", "email"),
                (#"{"email":"a@b@c","password":"correct horse"}"#, "400 1006", "email"),
                (#"{"email":"a b@c","password":"correct horse"}"#, "400 1006", "email"),
                (#"{"email":"@c","password":"correct horse"}"#, "400 1006", "email"),
                (#"{"email":"ADA@example.org","password":"correct horse"}"#, "409 1006", "email"),
            ] {
                let answer = await exchange.browse("POST", "/v1/auth/register", body)
                #expect(answer.summary == summary && answer.detail("parameter") == name, "\(body)")
            }
            #expect(exchange.node.directory.accountCount == 1)
        }
    }

    @Test("five wrong passwords lock the email for a while, also for the right one; nobody learns which emails exist")
    func lockOut() async throws {
        try await with { exchange, person in
            for email in ["ada@example.org", "eve@example.org"] {
                let body = #"{"email":"\#(email)","password":"wrong password"}"#
                for _ in 0..<5 {
                    #expect(await exchange.browse("POST", "/v1/auth/login", body).summary == "401 1002")
                }
                let locked = await exchange.browse("POST", "/v1/auth/login", body)
                #expect(locked.summary == "429 1003" && locked.header("Retry-After") == "900")
            }
            #expect(await person.login().summary == "429 1003")
            exchange.clock.advance(900_000)
            #expect(await person.login().status == 200)
        }
    }

    private func code(_ secret: OneTimeCode, _ exchange: ServiceFixture) -> String {
        secret.code(step: OneTimeCode.step(at: exchange.clock.milliseconds))
    }

    /// Sets a second factor up and goes on to the next step.
    private func enable(_ exchange: ServiceFixture, _ person: Person) async throws -> OneTimeCode {
        let made = await person.send("POST", "/v1/user/2fa/enable")
        let text = try #require(made["secret"]?.text)
        #expect(text.count == 32 && made["otpauthUrl"]?.text?.contains("secret=\(text)") == true)
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = text.flatMap { letter in
            let value = digits.firstIndex(of: letter) ?? 0
            return (0..<5).map { UInt8(value >> (4 - $0) & 1) }
        }
        let secret = OneTimeCode(
            secret: stride(from: 0, to: 160, by: 8).map { bits[$0..<$0 + 8].reduce(0) { $0 << 1 | $1 } })
        let verified = await person.send(
            "POST", "/v1/user/2fa/verify", #"{"twoFactorCode":"\#(code(secret, exchange))"}"#)
        #expect(verified.text == #"{"enabled":true}"#)
        exchange.clock.advance(30_000)
        return secret
    }

    @Test("a second factor is needed once it is verified, each code once, until it is taken away")
    func secondFactor() async throws {
        try await with { exchange, person in
            #expect(await person.send("POST", "/v1/user/2fa/verify", #"{"code":"123456"}"#).summary == "409 1006")
            #expect(await person.send("POST", "/v1/user/2fa/disable", #"{"code":"123456"}"#).summary == "409 1006")
            let secret = try await enable(exchange, person)
            #expect(await person.send("POST", "/v1/user/2fa/enable").summary == "409 1006")
            let missing = await person.login()
            #expect(missing.summary == "401 1002" && missing.detail("parameter") == "twoFactorCode")
            #expect(await person.login(#","twoFactorCode":"000000""#).summary == "401 1002")
            let good = #","twoFactorCode":"\#(code(secret, exchange))""#
            #expect(await person.login(good).status == 200)
            #expect(await person.login(good).summary == "401 1002", "it has been used")
            exchange.clock.advance(30_000)
            let body = #"{"twoFactorCode":"\#(code(secret, exchange))"}"#
            #expect(await person.send("POST", "/v1/user/2fa/disable", body).text == #"{"enabled":false}"#)
            #expect(await person.login().status == 200)
        }
    }

    @Test("a password is changed by who knows the old one, and all other sessions end")
    func changePassword() async throws {
        try await with { exchange, person in
            let path = "/v1/user/password"
            func change(_ old: String, _ new: String, _ more: String = "") -> String {
                #"{"oldPassword":"\#(old)","newPassword":"\#(new)"\#(more)}"#
            }
            let other = person.access
            #expect(await person.login().status == 200)
            for (body, name) in [
                (#"{"newPassword":"another password"}"#, "oldPassword"),
                (#"{"oldPassword":"\#(Self.password)"}"#, "newPassword"),
                (change(Self.password, "elevenchars"), "newPassword"),
            ] {
                let answer = await person.send("PUT", path, body)
                #expect(answer.summary == "400 1006" && answer.detail("parameter") == name, "\(body)")
            }
            #expect(await person.send("PUT", path, change("wrong password", "another password")).summary == "401 1002")
            let factor = try await enable(exchange, person)
            let missing = await person.send("PUT", path, change(Self.password, "another password"))
            #expect(missing.summary == "401 1002" && missing.detail("parameter") == "twoFactorCode")
            #expect(await exchange.browse("GET", "/v1/account/info", bearer: other).status == 200, "nothing changed")
            let good = change(Self.password, "another password", #","twoFactorCode":"\#(code(factor, exchange))""#)
            #expect(await person.send("PUT", path, good).text == "{}")
            #expect(await person.send("GET", "/v1/account/info").status == 200, "this session goes on")
            #expect(await exchange.browse("GET", "/v1/account/info", bearer: other).summary == "401 1002")
            exchange.clock.advance(30_000)
            #expect(await person.login(#","twoFactorCode":"\#(code(factor, exchange))""#).summary == "401 1002")
            let login = #"{"email":"ada@example.org","password":"another password","#
            let code = #""twoFactorCode":"\#(code(factor, exchange))"}"#
            #expect(await exchange.browse("POST", "/v1/auth/login", login + code).status == 200)
            let trader = try await exchange.trader([:])
            #expect(await exchange.send("PUT", path, good, as: trader).summary == "401 1002", "a key changes none")
        }
    }

    @Test("five wrong old passwords lock the email")
    func guessedPassword() async throws {
        try await with { exchange, person in
            let body = #"{"oldPassword":"wrong password","newPassword":"another password"}"#
            for _ in 0..<5 {
                #expect(await person.send("PUT", "/v1/user/password", body).summary == "401 1002")
            }
            #expect(await person.send("PUT", "/v1/user/password", body).summary == "429 1003")
        }
    }

    @Test(
        "an expiry is taken off a key by null or 0, by its owner and by an operator; a key is made without one so too")
    func expiry() async throws {
        try await with { exchange, person in
            let path = "/v1/user/api-keys"
            let later = exchange.node.now.milliseconds + 86_400_000
            for never in ["null", "0"] {
                let none = await person.send(
                    "POST", path, #"{"name":"a","permissions":["read"],"expiresAt":\#(never)}"#)
                #expect(none["expiresAt"] == .null, "\(none)")
                let made = await person.send(
                    "POST", path, #"{"name":"a","permissions":["read"],"expiresAt":\#(later)}"#)
                let key = try #require(made["apiKey"]?.text)
                #expect(made["expiresAt"]?.integer == later)
                let kept = await person.send("PUT", "\(path)/\(key)", #"{"name":"b"}"#)
                #expect(kept["expiresAt"]?.integer == later, "what is not given stays")
                let past = await person.send("PUT", "\(path)/\(key)", #"{"expiresAt":1}"#)
                #expect(past.summary == "400 1006" && past.detail("parameter") == "expiresAt")
                let off = await person.send("PUT", "\(path)/\(key)", #"{"expiresAt":\#(never)}"#)
                #expect(off["expiresAt"] == .null && off["name"]?.text == "b", "\(off)")
                let operators = "/admin/accounts/1/api-keys/\(key)"
                let on = await exchange.manage("PUT", operators, #"{"expiresAt":\#(later)}"#)
                #expect(on["expiresAt"]?.integer == later && on["secret"] == nil, "\(on)")
                let offAgain = await exchange.manage("PUT", operators, #"{"expiresAt":\#(never)}"#)
                #expect(offAgain["expiresAt"] == .null, "\(offAgain)")
            }
            let form = await person.send("GET", path)
            #expect(form.json.items?.count == 4 && form.json.items?.allSatisfy { $0["expiresAt"] == .null } == true)
            let nothing = await exchange.manage("PUT", "/admin/accounts/1/api-keys/none", "{}")
            #expect(nothing.status == 404, "\(nothing)")
        }
    }

    @Test("own keys are made, listed, changed and taken back, with the second factor where there is one")
    func keys() async throws {
        try await with { exchange, person in
            let path = "/v1/user/api-keys"
            let made = await person.send(
                "POST", path, #"{"name":"bot","permissions":["read","trade"],"ipRestrictions":["10.0.0.0/8"]}"#)
            let key = try #require(made["apiKey"]?.text)
            let secret = try #require(made["secret"]?.text)
            #expect(made["accountId"]?.integer == 1 && made["expiresAt"] == .null)
            let list = await person.send("GET", path)
            #expect(list.json.items?.count == 1 && !list.text.contains(secret) && list.text.contains(key))
            let bot = ServiceFixture.Trader(account: AccountID(1), key: key, secret: secret)
            #expect(await exchange.send("GET", "/v1/account/info", as: bot).summary == "403 1002", "the address")
            let changed = await person.send("PUT", "\(path)/\(key)", #"{"ipRestrictions":[],"name":"better"}"#)
            #expect(changed["name"]?.text == "better" && changed["secret"] == nil)
            #expect(changed["permissions"]?.items?.count == 2)
            #expect(await exchange.send("GET", "/v1/account/info", as: bot).status == 200)
            #expect(await exchange.send("GET", path, as: bot).summary == "401 1002", "a key makes no keys")
            let factor = try await enable(exchange, person)
            #expect(await person.send("DELETE", "\(path)/\(key)").summary == "401 1002")
            #expect(await person.send("PUT", "\(path)/\(key)", #"{"name":"x"}"#).summary == "401 1002")
            #expect(await person.send("POST", path, #"{"name":"x","permissions":["read"]}"#).summary == "401 1002")
            let body = #"{"twoFactorCode":"\#(code(factor, exchange))"}"#
            #expect(await person.send("DELETE", "\(path)/\(key)", body).text == "{}")
            #expect(await exchange.send("GET", "/v1/account/info", as: bot).summary == "401 1002")
        }
    }

    @Test("a bad key names what is wrong, and others' keys are not there")
    func badKeys() async throws {
        try await with { exchange, person in
            let path = "/v1/user/api-keys"
            for (body, name) in [
                (#"{"permissions":["read"]}"#, "name"), (#"{"name":"a"}"#, "permissions"),
                (#"{"name":"a","permissions":["all"]}"#, "permissions"),
                (#"{"name":"a","permissions":[]}"#, "permissions"),
                (#"{"name":"a","permissions":["read"],"ipRestrictions":["here"]}"#, "ipRestrictions"),
                (#"{"name":"a","permissions":["read"],"expiresAt":1}"#, "expiresAt"),
            ] {
                let answer = await person.send("POST", path, body)
                #expect(answer.summary == "400 1006" && answer.detail("parameter") == name, "\(body)")
            }
            let other = try await exchange.trader([:])
            for method in ["PUT", "DELETE"] {
                #expect(await person.send(method, "\(path)/\(other.key)", "{}").summary == "404 1006")
                #expect(await person.send(method, "\(path)/nothing", "{}").summary == "404 1006")
                #expect(await person.send(method, "\(path)/", "{}").summary == "404 1005")
                #expect(await person.send(method, "\(path)/a/b", "{}").summary == "404 1005")
            }
            let wrong = await person.send("PATCH", "\(path)/x", "{}")
            #expect(wrong.summary == "405 1005" && wrong.header("Allow") == "DELETE, PUT")
        }
    }

    @Test("a fresh master key opens everything that the old one did")
    func rotation() async throws {
        try await with { exchange, person in
            let trader = try await exchange.trader([:])
            let factor = try await enable(exchange, person)
            let before = exchange.node.directory.apiKey(trader.key)?.credential
            let answer = await exchange.manage("POST", "/admin/master-key/rotate")
            #expect(answer.text == #"{"secrets":2}"#)
            #expect(exchange.node.directory.apiKey(trader.key)?.credential != before)
            #expect(await exchange.send("GET", "/v1/account/info", as: trader).status == 200)
            #expect(await person.login(#","twoFactorCode":"\#(code(factor, exchange))""#).status == 200)
            let made = await exchange.manage(
                "POST", "/admin/accounts/1/api-keys", #"{"name":"a","permissions":["read"]}"#)
            #expect(made.status == 200)
        }
    }
}
