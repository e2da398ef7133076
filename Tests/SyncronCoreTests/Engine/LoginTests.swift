import SyncronCore
import Testing

@Suite("Logins and changes of keys")
struct LoginTests {
    private func register(_ email: String, _ hash: String = "hash") -> Command {
        .registerLogin(RegisterLogin(email: email, passwordHash: hash))
    }

    @Test("a login opens an account, and its email is nobody else's")
    func unique() {
        var stage = Stage()
        let events = stage.perform(register("a@b.c"))
        guard case .accountOpened(let account)? = events.first, events.count == 2 else {
            Issue.record("no account")
            return
        }
        #expect(account.email == "a@b.c")
        let login = Login(account: account.id, email: "a@b.c", passwordHash: "hash", secondFactor: nil)
        #expect(events.last == .loginChanged(login) && stage.engine.logins == [login])
        #expect(stage.perform(register("a@b.c", "other")) == [.rejected(.conflict(.email))])
        #expect(stage.perform(register("")) == [.rejected(.invalid(.email))])
        #expect(stage.perform(register("b@b.c", "")) == [.rejected(.invalid(.password))])
        #expect(stage.engine.accountCount == 1)
    }

    @Test("a full exchange registers nobody")
    func full() {
        var limits = Stage.limits
        limits.accounts = 1
        var stage = Stage(limits: limits)
        stage.perform(register("a@b.c"))
        #expect(stage.perform(register("b@b.c")) == [.rejected(.risk(.exchangeLimit))])
        #expect(stage.engine.logins.count == 1)
    }

    @Test("a second factor comes and goes")
    func secondFactor() {
        var stage = Stage()
        stage.perform(register("a@b.c"))
        func set(_ secret: [UInt8]?, _ account: AccountID = AccountID(1)) -> [Event] {
            stage.perform(.setSecondFactor(SetSecondFactor(account: account, secret: secret)))
        }
        #expect(set([1, 2]).count == 1 && stage.engine.logins[0].secondFactor == [1, 2])
        #expect(set(nil).count == 1 && stage.engine.logins[0].secondFactor == nil)
        #expect(set([]) == [.rejected(.invalid(.secondFactor))])
        #expect(set([1], AccountID(2)) == [.rejected(.unknownAccount)])
    }

    @Test("a password is replaced, and the second factor stays")
    func password() {
        var stage = Stage()
        stage.perform(register("a@b.c"))
        stage.perform(.setSecondFactor(SetSecondFactor(account: AccountID(1), secret: [1])))
        func set(_ hash: String, _ account: AccountID = AccountID(1)) -> [Event] {
            stage.perform(.setPassword(SetPassword(account: account, passwordHash: hash)))
        }
        let before = stage.engine.digest
        let login = Login(account: AccountID(1), email: "a@b.c", passwordHash: "other", secondFactor: [1])
        #expect(set("other") == [.loginChanged(login)] && stage.engine.logins == [login])
        #expect(stage.engine.digest != before)
        #expect(set("") == [.rejected(.invalid(.password))])
        #expect(set("x", AccountID(2)) == [.rejected(.unknownAccount)])
        #expect(stage.engine.logins == [login])
    }

    @Test("a key changes in what is given and in nothing else")
    func changeKey() {
        var stage = Stage()
        let account = stage.account("alice")
        let key = APIKey(
            key: "k", account: account, name: "a", permissions: .read, ipRestrictions: ["::1"],
            expiresAt: Timestamp(milliseconds: 2_000), credential: .sealedSecret([1]), createdAt: .zero)
        stage.perform(.createAPIKey(key))
        stage.wait(milliseconds: 5_000)
        func change(_ edit: (inout ChangeAPIKey) -> Void) -> [Event] {
            var change = ChangeAPIKey(account: account, key: "k")
            edit(&change)
            return stage.perform(.changeAPIKey(change))
        }
        var expected = key
        expected.createdAt = Timestamp(milliseconds: 1_000)
        expected.credential = .sealedSecret([2])
        #expect(change { $0.credential = .sealedSecret([2]) } == [.apiKeyChanged(expected)], "also when it expired")
        (expected.name, expected.permissions, expected.ipRestrictions) = ("b", [.trade], [])
        expected.expiresAt = Timestamp(milliseconds: 9_000)
        let events = change { change in
            (change.name, change.permissions, change.ipRestrictions) = ("b", [.trade], [])
            change.expiresAt = Timestamp(milliseconds: 9_000)
        }
        #expect(events == [.apiKeyChanged(expected)] && stage.engine.apiKeys == [expected])
        #expect(change { $0.permissions = [] } == [.rejected(.invalid(.permissions))])
        #expect(change { $0.expiresAt = Timestamp(milliseconds: 6_000) } == [.rejected(.invalid(.expiresAt))])
        expected.expiresAt = nil
        #expect(change { $0.expiresAt = .zero } == [.apiKeyChanged(expected)], "the expiry is taken off")
        #expect(change { $0.key = "l" } == [.rejected(.unknownAPIKey)])
        #expect(change { $0.account = AccountID(9) } == [.rejected(.unknownAPIKey)])
        #expect(stage.engine.apiKeys == [expected])
    }
}
