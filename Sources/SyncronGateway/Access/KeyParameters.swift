import SyncronCore
import SyncronWire

/// What is said of an API key when it is made or changed.
extension Parameters {
    /// Those that may be lists in a JSON body.
    static let keyLists = ["permissions", "ipRestrictions"]

    func permissionsIfGiven() throws(APIError) -> Permissions? {
        guard let words = try texts(ifGiven: "permissions") else { return nil }
        var permissions: Permissions = []
        for word in words {
            guard let known = Permissions.words.first(where: { $0.word == word }) else {
                let all = Permissions.words.map(\.word).joined(separator: ", ")
                throw .invalidParameter("permissions", "must be of \(all)")
            }
            permissions.insert(known.permission)
        }
        return permissions
    }

    func ipRestrictionsIfGiven() throws(APIError) -> [String]? {
        guard let networks = try texts(ifGiven: "ipRestrictions") else { return nil }
        guard networks.allSatisfy({ IPNetwork($0) != nil }) else {
            throw .invalidParameter("ipRestrictions", "must be IP addresses or networks such as 10.0.0.0/8")
        }
        return networks
    }

    /// `.zero` for no expiry: 0, or a JSON null.
    func expiryIfGiven() throws(APIError) -> Timestamp? {
        if isNull("expiresAt") { return .zero }
        return try integer(ifGiven: "expiresAt", in: 0...Int64.max).map { Timestamp(milliseconds: $0) }
    }

    func publicKeyIfGiven() throws(APIError) -> Ed25519PublicKey? {
        guard let text = try text(ifGiven: "ed25519PublicKey") else { return nil }
        guard let key = Ed25519PublicKey(text) else {
            throw .invalidParameter("ed25519PublicKey", "must be the base64 of 32 bytes, or PEM")
        }
        return key
    }

    /// A list of a JSON body, or elsewhere words with commas between them.
    private func texts(ifGiven name: String) throws(APIError) -> [String]? {
        guard has(name) else { return nil }
        if bodyKind != .json, let text = try? text(name), text.first != "[" {
            return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let items = try json(name).items else { throw .invalidParameter(name, "must be a list") }
        var texts: [String] = []
        for item in items {
            guard let text = item.text else { throw .invalidParameter(name, "must be a list of texts") }
            texts.append(text)
        }
        return texts
    }
}
