public import SyncronCore
public import SyncronNode

/// The API key of a sandbox's demo account. Unlike every other it can be read again: it lies in a file, and what it
/// opens is play money.
public struct DemoKey: Sendable {
    public let key: String
    public let secret: String

    /// The key that lies at `path` and belongs to `account`; makes one, with all permissions, where there is none.
    public static func ensure(
        account: AccountID, node: Node, vault: SecretVault, path: String
    ) async throws -> DemoKey {
        let draft = KeyDraft(account: account, name: "demo", permissions: .all)
        let (made, secret) = try draft.make(vault)
        let bytes = try PrivateFile.load(path) { Array("\(made.key)\n\(secret ?? "")\n".utf8) }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count == 2 else {
            throw PrivateFileFailure(path: path, what: "a demo key and its secret are two lines")
        }
        let demo = DemoKey(key: lines[0], secret: lines[1])
        if node.directory.apiKey(demo.key)?.account == account { return demo }
        let key = APIKey(
            key: demo.key, account: account, name: made.name, permissions: made.permissions, ipRestrictions: [],
            expiresAt: nil, credential: .sealedSecret(try vault.seal(demo.secret, for: demo.key)), createdAt: .zero)
        let outcome = try await node.submit(.createAPIKey(key))
        if let rejection = outcome.rejection {
            throw PrivateFileFailure(path: path, what: "the demo key is refused: \(rejection)")
        }
        return demo
    }
}
