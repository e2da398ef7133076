import SyncronCore
import SyncronWire

/// The proof that a request comes from the holder of its key, and is fresh.
struct RequestSignature {
    /// How long a request is good for, in milliseconds, unless it says otherwise.
    static let defaultWindow: Int64 = 5_000
    static let largestWindow: Int64 = 60_000
    /// How far a client's clock may run ahead, in milliseconds.
    static let lead: Int64 = 1_000

    private let signature: String
    private let payload: SignedPayload

    /// Refuses a request without signature, without timestamp, or whose timestamp is outside its window.
    init(_ request: APIRequest, _ parameters: Parameters, now: Timestamp) throws(APIError) {
        guard parameters.has("signature") else { throw .unauthorized("signature is missing") }
        // One without text is a bad one.
        let signature = (try? parameters.text("signature")) ?? ""
        let timestamp = try parameters.integer("timestamp", in: 0...Int64.max)
        let window = try parameters.integer(ifGiven: "recvWindow", in: 0...Self.largestWindow) ?? Self.defaultWindow
        guard timestamp >= now.milliseconds - window && timestamp <= now.milliseconds + Self.lead else {
            throw .unauthorized("timestamp is outside recvWindow")
        }
        self.signature = signature
        payload = SignedPayload(query: request.query, body: request.body, bodyKind: parameters.bodyKind)
    }

    func verify(_ key: APIKey, _ vault: SecretVault) throws(APIError) {
        let isValid =
            switch key.credential {
            case .sealedSecret(let sealed): vault.open(sealed, for: key.key)?.isValid(signature, for: payload) == true
            case .ed25519(let raw): Ed25519PublicKey(raw: raw)?.isValid(signature, for: payload) == true
            }
        if !isValid { throw .unauthorized("bad signature") }
    }
}
