#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IP address. A v4 address is kept as its v6-mapped form, so that `1.2.3.4` and `::ffff:1.2.3.4` are one.
struct IPAddress: Hashable, Sendable {
    var high: UInt64
    var low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil when `text` is no v4 or v6 address. A zone (`%eth0`) is left out.
    init?(_ text: some StringProtocol) {
        let bare = String(text.prefix { $0 != "%" })
        var v4 = in_addr()
        if inet_pton(AF_INET, bare, &v4) == 1 {
            self.init(high: 0, low: Self.mappedPrefix | UInt64(UInt32(bigEndian: v4.s_addr)))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, bare, &v6) == 1 else { return nil }
        self = withUnsafeBytes(of: v6) { bytes in
            IPAddress(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

    var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// Who is counted as one visitor: a v4 address, or the /64 network that one v6 customer is given.
    var visitor: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }

    /// What stands for a peer without an address, such as a local socket.
    static let none = IPAddress(high: 0, low: 0)
}

/// A network in CIDR form, or a single address.
struct IPNetwork: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    private let highMask: UInt64
    private let lowMask: UInt64

    /// Nil when `text` is neither an address nor `address/length`. Bits of the address beyond the length are ignored.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]), !parts[0].contains("%") else { return nil }
        let isV4 = address.isV4 && !parts[0].contains(":")
        var length = 128
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let given = Int(parts[1]),
                given <= (isV4 ? 32 : 128)
            else { return nil }
            length = isV4 ? given + 96 : given
        }
        highMask = length >= 64 ? .max : ~(.max >> UInt64(length))
        lowMask = length <= 64 ? 0 : ~(UInt64.max >> UInt64(length - 64))
        high = address.high & highMask
        low = address.low & lowMask
    }

    func contains(_ address: IPAddress) -> Bool {
        address.high & highMask == high && address.low & lowMask == low
    }
}
