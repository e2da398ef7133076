import Crypto

/// What an operator proves himself with.
public struct AdminToken: Sendable {
    private let digest: SHA256Digest

    /// `text` must not be empty.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        digest = SHA256.hash(data: Array(text.utf8))
    }

    /// The token that lies at `path`, without white space at its ends; makes one on the first start.
    public init(path: String) throws(PrivateFileFailure) {
        let bytes = try PrivateFile.load(path) { Array((RandomText.letters(48) + "\n").utf8) }
        let text = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }
        guard text.count == 1, let token = AdminToken(String(text[0])) else {
            throw PrivateFileFailure(path: path, what: "an admin token is one word")
        }
        self = token
    }

    /// Whether `authorization` is `Bearer` and this token. Takes the same time for every wrong one.
    func admits(_ authorization: String?) -> Bool {
        guard let authorization, authorization.utf8.count > Self.scheme.utf8.count,
            authorization.prefix(Self.scheme.count).lowercased() == Self.scheme
        else { return false }
        return SHA256.hash(data: Array(authorization.utf8.dropFirst(Self.scheme.utf8.count))) == digest
    }

    private static let scheme = "bearer "
}
