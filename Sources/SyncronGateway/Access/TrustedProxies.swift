/// Which peers are believed when they say on whose behalf they ask.
public struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    public static let none = TrustedProxies()

    private init() { networks = [] }

    /// Throws the text that is neither an address nor a network in CIDR form.
    public init(_ texts: [String]) throws(MalformedNetwork) {
        var networks: [IPNetwork] = []
        for text in texts {
            guard let network = IPNetwork(text) else { throw MalformedNetwork(text: text) }
            networks.append(network)
        }
        self.networks = networks
    }

    var isEmpty: Bool { networks.isEmpty }

    /// The address that a request is counted under: the peer's, or, when the peer is a trusted proxy, the last
    /// untrusted one of `X-Forwarded-For`. An entry that is no address ends the search at the hop before it.
    func address(peer: String, forwardedFor: String?) -> IPAddress {
        guard var address = IPAddress(peer) else { return .none }
        guard !networks.isEmpty, let forwardedFor else { return address }
        for entry in forwardedFor.split(separator: ",", omittingEmptySubsequences: false).reversed() {
            guard isTrusted(address), let hop = Self.hop(entry) else { return address }
            address = hop
        }
        return address
    }

    private func isTrusted(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }

    /// `1.2.3.4`, `1.2.3.4:80`, `::1` or `[::1]:80`.
    private static func hop(_ entry: Substring) -> IPAddress? {
        let text = entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        if text.first == "[" { return IPAddress(text.dropFirst().prefix { $0 != "]" }) }
        if let address = IPAddress(text) { return address }
        return IPAddress(text.prefix { $0 != ":" })
    }
}

public struct MalformedNetwork: Error, Equatable, CustomStringConvertible {
    public var text: String
    public var description: String { "\(text) is neither an IP address nor a network such as 10.0.0.0/8" }
}
