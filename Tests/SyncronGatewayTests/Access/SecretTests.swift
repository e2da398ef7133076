import Crypto
import Foundation
import NIOCore
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Secrets at rest")
struct SecretTests {
    private let directory = FileManager.default.temporaryDirectory.appendingPathComponent("syncron-\(UUID())").path

    private func withDirectory(_ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body()
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("a master key is 32 random bytes of mode 0600, made once")
    func masterKey() throws {
        try withDirectory {
            let path = directory + "/master.key"
            let sealed = try SecretVault(path: path).seal("secret", for: "key")
            let bytes = try #require(FileManager.default.contents(atPath: path))
            #expect(bytes.count == 32)
            #expect(try mode(path) == 0o600)
            #expect(try SecretVault(path: path).open(sealed, for: "key") != nil)
            #expect(FileManager.default.contents(atPath: path) == bytes)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["master.key"])
        }
    }

    @Test("a key file that others may read is closed to them at the next start")
    func tightened() throws {
        try withDirectory {
            let path = directory + "/master.key"
            _ = try SecretVault(path: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            _ = try SecretVault(path: path)
            #expect(try mode(path) == 0o600)
        }
    }

    @Test("a master key of another length is refused and named", arguments: [0, 31, 33])
    func damagedMasterKey(length: Int) throws {
        try withDirectory {
            let path = directory + "/master.key"
            try Data(repeating: 1, count: length).write(to: URL(fileURLWithPath: path))
            #expect { try SecretVault(path: path) } throws: { "\($0)".contains("master.key") && "\($0)".contains("32") }
        }
    }

    @Test("a missing directory is refused and named")
    func missingDirectory() {
        #expect { try SecretVault(path: "/nowhere/at/all/master.key") } throws: { "\($0)".contains("/nowhere/at/all") }
    }

    private let vault = SecretVault(masterKey: SymmetricKey(size: .bits256), capacity: 2)
    private let payload = SignedPayload(query: ByteBuffer(string: "a=1"))

    private func opens(_ vault: SecretVault, _ sealed: [UInt8], _ key: String, as secret: String) -> Bool {
        let signature = HMACKey(secret: secret).signature(of: payload)
        return vault.open(sealed, for: key)?.isValid(signature, for: payload) == true
    }

    @Test("a sealed secret is opened under its key's name, again and again")
    func roundTrip() throws {
        let sealed = try vault.seal("the secret", for: "key")
        #expect(!String(decoding: sealed, as: UTF8.self).contains("the secret"))
        for _ in 0..<3 { #expect(opens(vault, sealed, "key", as: "the secret")) }
    }

    @Test("two seals of one secret differ")
    func fresh() throws { #expect(try vault.seal("secret", for: "key") != vault.seal("secret", for: "key")) }

    @Test("a secret does not open for another key, under another master key, or when a byte is changed")
    func refused() throws {
        let sealed = try vault.seal("secret", for: "key")
        #expect(vault.open(sealed, for: "other") == nil)
        #expect(SecretVault(masterKey: SymmetricKey(size: .bits256)).open(sealed, for: "key") == nil)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(vault.open(changed, for: "key") == nil, "byte \(index)")
        }
        #expect(vault.open([], for: "key") == nil)
        #expect(vault.open([1, 2, 3], for: "key") == nil)
    }

    @Test("more secrets than are kept in memory still open")
    func bounded() throws {
        let sealed = try (0..<10).map { try vault.seal("secret \($0)", for: "key \($0)") }
        for _ in 0..<2 {
            for index in sealed.indices {
                #expect(opens(vault, sealed[index], "key \(index)", as: "secret \(index)"))
            }
        }
    }

    @Test("a key name with another sealed secret is not answered from memory")
    func replaced() throws {
        #expect(opens(vault, try vault.seal("old", for: "key"), "key", as: "old"))
        let fresh = try vault.seal("new", for: "key")
        #expect(opens(vault, fresh, "key", as: "new"))
        #expect(!opens(vault, fresh, "key", as: "old"))
    }

    @Test("an admin token is made once, with mode 0600, and admits only itself as bearer")
    func adminToken() throws {
        try withDirectory {
            let path = directory + "/admin.token"
            let token = try AdminToken(path: path)
            let text = try #require(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first)
            #expect(text.count == 48)
            #expect(try mode(path) == 0o600)
            #expect(token.admits("Bearer \(text)"))
            #expect(token.admits("bearer \(text)"))
            #expect(try AdminToken(path: path).admits("Bearer \(text)"))
            for wrong in [
                nil, "", "Bearer", "Bearer ", "\(text)", "Bearer \(text)x", "Basic \(text)", "Bearer  \(text)",
            ] {
                #expect(!token.admits(wrong), "\(wrong ?? "nil")")
            }
        }
    }

    @Test("a token of several words, or none, is refused", arguments: ["", "\n", "two words"])
    func badToken(text: String) throws {
        try withDirectory {
            let path = directory + "/admin.token"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: PrivateFileFailure.self) { try AdminToken(path: path) }
        }
    }

    @Test("random text has the length asked for, of letters and digits, and never repeats")
    func randomText() {
        let texts = (0..<200).map { _ in RandomText.letters(22) }
        #expect(texts.allSatisfy { $0.count == 22 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
        #expect(Set(texts).count == texts.count)
        #expect(Set(texts.joined()).count == 62)
    }

    @Test("a rotation cut short opens everything still, and is gone on with after a restart")
    func rotation() throws {
        try withDirectory {
            let path = directory + "/master.key"
            let first = try SecretVault(path: path)
            let old = try first.seal("secret", for: "k")
            try first.beginRotation()
            let second = try SecretVault(path: path)
            let sealed = try #require(try second.sealAnew(old, for: "k"))
            #expect(try second.sealAnew(sealed, for: "k") == nil, "it is under the newest already")
            #expect(second.unseal(old, for: "k") == Array("secret".utf8))
            try second.beginRotation()
            try second.finishRotation()
            #expect(try mode(path) == 0o600)
            let third = try SecretVault(path: path)
            #expect(third.unseal(sealed, for: "k") == Array("secret".utf8) && third.unseal(old, for: "k") == nil)
            #expect(third.unseal(sealed, for: "l") == nil)
        }
    }

    @Test("secrets under a master key that is lost are counted")
    func lostMasterKey() async throws {
        try await ServiceFixture.with { exchange in
            _ = (try await exchange.trader(), try await exchange.trader())
            #expect(try await exchange.vault.countUnreadable(in: exchange.node) == 0)
            let fresh = SecretVault(masterKey: SymmetricKey(size: .bits256))
            #expect(try await fresh.countUnreadable(in: exchange.node) == 2)
        }
    }
}
