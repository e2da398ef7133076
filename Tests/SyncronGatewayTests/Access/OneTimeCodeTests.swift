import SyncronCore
import Testing

@testable import SyncronGateway

@Suite("One-time codes, passwords and lock-out")
struct OneTimeCodeTests {
    /// The secret of RFC 6238's appendix B.
    private static let rfc = OneTimeCode(secret: Array("12345678901234567890".utf8))

    @Test(
        "codes are the last six digits of RFC 6238's test values",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func rfc6238(seconds: Int64, code: String) {
        #expect(Self.rfc.code(step: OneTimeCode.step(at: seconds * 1_000)) == code)
    }

    @Test(
        "a secret is shown in base 32",
        arguments: [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")])
    func base32(plain: String, text: String) { #expect(Base32.encode(Array(plain.utf8)) == text) }

    @Test("a code is good one step early and late, once, and never before a newer one")
    func window() {
        let now: Int64 = 1_700_000_000_000
        let step = OneTimeCode.step(at: now)
        func found(_ offset: Int64, after last: Int64? = nil) -> Int64? {
            Self.rfc.step(of: Self.rfc.code(step: step + offset), at: now, after: last)
        }
        #expect([-2, -1, 0, 1, 2].map { found($0) } == [nil, step - 1, step, step + 1, nil])
        #expect(found(0, after: step) == nil && found(0, after: step - 1) == step && found(-1, after: step) == nil)
        for wrong in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            #expect(Self.rfc.step(of: wrong, at: 59_000, after: nil) == nil)
        }
    }

    @Test("a code that was used is not good again, and another account's is its own")
    func oneUse() {
        let clock = TestClock(1_700_000_000_000)
        let factors = SecondFactors { clock.milliseconds }
        let code = Self.rfc.code(step: OneTimeCode.step(at: clock.milliseconds))
        #expect(factors.use(code, of: Self.rfc, AccountID(1)) && !factors.use(code, of: Self.rfc, AccountID(1)))
        #expect(factors.use(code, of: Self.rfc, AccountID(2)))
        clock.advance(30_000)
        #expect(factors.use(Self.rfc.code(step: OneTimeCode.step(at: clock.milliseconds)), of: Self.rfc, AccountID(1)))
    }

    @Test("setting up must be finished in its time")
    func pending() throws {
        let clock = TestClock(1_700_000_000_000)
        let factors = SecondFactors { clock.milliseconds }
        let code = try #require(factors.begin(AccountID(1)))
        #expect(factors.pending(AccountID(1))?.secret == code.secret && factors.pending(AccountID(2)) == nil)
        clock.advance(SecondFactors.patience)
        #expect(factors.pending(AccountID(1)) == nil)
    }

    @Test("what an authenticator reads names the issuer and escapes the email")
    func url() {
        #expect(
            Self.rfc.url(email: "a+b@example.org")
                == "otpauth://totp/Syncron:a%2Bb%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Syncron")
    }

    @Test("a password is that of its hash and no other, also when it was read back")
    func password() throws {
        let hash = try PasswordHash("correct horse battery", cost: .init(log2N: 4, p: 1))
        let read = try #require(PasswordHash(text: hash.text))
        #expect(read.isOf("correct horse battery") && !read.isOf("correct horse batterz") && !read.isOf(""))
        #expect(try PasswordHash("correct horse battery", cost: .init(log2N: 4, p: 1)).text != hash.text, "salted")
        for text in [
            "", "scrypt$4$8$1$AAAA", "bcrypt$4$8$1$AAAA$AAAA", "scrypt$64$8$1$AAAA$AAAA", "scrypt$4$8$1$?$AAAA",
        ] {
            #expect(PasswordHash(text: text) == nil)
        }
    }

    /// RFC 7914, section 12.
    @Test("scrypt is RFC 7914's")
    func scrypt() throws {
        let hash = try #require(
            PasswordHash(
                text:
                    "scrypt$10$8$16$TmFDbA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA=="
            ))
        #expect(hash.isOf("password") && !hash.isOf("passwore"))
    }

    @Test("five failures lock a name for a quarter of an hour, a success forgives")
    func lockOut() {
        let clock = TestClock(1_700_000_000_000)
        let lockOut = LockOut { clock.milliseconds }
        for _ in 0..<4 { #expect(lockOut.attempt("a") == nil) }
        lockOut.succeeded("a")
        for _ in 0..<5 { #expect(lockOut.attempt("a") == nil) }
        #expect(lockOut.attempt("a") == 900 && lockOut.attempt("b") == nil)
        clock.advance(899_001)
        #expect(lockOut.attempt("a") == 1)
        clock.advance(1_000)
        for _ in 0..<5 { #expect(lockOut.attempt("a") == nil) }
        #expect(lockOut.attempt("a") == 900)
    }
}
