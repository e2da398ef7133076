import Testing

@testable import SyncronGateway

@Suite("IP addresses and networks")
struct IPAddressTests {
    @Test("a v4 address and its v6-mapped form are one address")
    func mapped() throws {
        #expect(IPAddress("1.2.3.4") == IPAddress("::ffff:1.2.3.4"))
        #expect(IPAddress("1.2.3.4")?.isV4 == true)
        #expect(IPAddress("1.2.3.4") != IPAddress("1.2.3.5"))
    }

    @Test(
        "what is no address is refused",
        arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "localhost", "::1::", "1.2.3.4/8", " 1.2.3.4", "[::1]"])
    func malformed(text: String) { #expect(IPAddress(text) == nil) }

    @Test("a zone does not change an address")
    func zone() { #expect(IPAddress("fe80::1%eth0") == IPAddress("fe80::1")) }

    @Test("visitors of one v6 /64 are counted together, v4 addresses one by one")
    func visitors() throws {
        #expect(IPAddress("2001:db8::1")?.visitor == IPAddress("2001:db8::ffff")?.visitor)
        #expect(IPAddress("2001:db8:0:1::1")?.visitor != IPAddress("2001:db8::1")?.visitor)
        #expect(IPAddress("10.0.0.1")?.visitor != IPAddress("10.0.0.2")?.visitor)
    }

    @Test(
        "a network contains the addresses that share its first bits",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3/8", "10.9.9.9", true), ("192.168.1.0/31", "192.168.1.1", true),
            ("192.168.1.0/31", "192.168.1.2", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false), ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4", "1.2.3.5", false),
            ("1.2.3.4/32", "::ffff:1.2.3.4", true), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false), ("2001:db8::/64", "2001:db8::1:0:0:1", true),
            ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("::/0", "2001:db8::1", true), ("::/0", "1.2.3.4", true),
            ("::1", "::1", true), ("::1/128", "::2", false),
        ])
    func containment(network: String, address: String, isInside: Bool) throws {
        let network = try #require(IPNetwork(network))
        #expect(network.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(
        "what is no network is refused",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "10/8", "all",
            "fe80::1%eth0", "10.0.0.0/8 ",
        ])
    func malformedNetworks(text: String) { #expect(IPNetwork(text) == nil) }
}

@Suite("Trusted proxies")
struct TrustedProxiesTests {
    private func address(_ proxies: [String], peer: String, _ forwarded: String?) throws -> IPAddress {
        try TrustedProxies(proxies).address(peer: peer, forwardedFor: forwarded)
    }

    @Test("without trusted proxies the header is not looked at")
    func untrusted() throws {
        #expect(try address([], peer: "10.0.0.1", "1.1.1.1") == IPAddress("10.0.0.1"))
        #expect(try address(["10.0.0.0/8"], peer: "9.9.9.9", "1.1.1.1") == IPAddress("9.9.9.9"))
    }

    @Test("behind a trusted proxy the last untrusted hop is the address")
    func lastUntrusted() throws {
        let proxies = ["10.0.0.0/8", "::1"]
        #expect(try address(proxies, peer: "10.0.0.1", "1.1.1.1") == IPAddress("1.1.1.1"))
        #expect(try address(proxies, peer: "10.0.0.1", "6.6.6.6, 1.1.1.1") == IPAddress("1.1.1.1"))
        #expect(try address(proxies, peer: "10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.9") == IPAddress("1.1.1.1"))
        #expect(try address(proxies, peer: "::1", "2001:db8::7") == IPAddress("2001:db8::7"))
    }

    @Test("hops may carry a port")
    func ports() throws {
        #expect(try address(["10.0.0.1"], peer: "10.0.0.1", "1.1.1.1:443") == IPAddress("1.1.1.1"))
        #expect(try address(["10.0.0.1"], peer: "10.0.0.1", "[2001:db8::7]:443") == IPAddress("2001:db8::7"))
    }

    @Test("a malformed hop ends the search at the hop before it", arguments: ["garbage", "", " , ", "1.1.1.1, x"])
    func malformedHop(header: String) throws {
        #expect(try address(["10.0.0.1"], peer: "10.0.0.1", header) == IPAddress("10.0.0.1"))
    }

    @Test("when all hops are trusted the farthest is the address")
    func allTrusted() throws {
        #expect(try address(["10.0.0.0/8"], peer: "10.0.0.1", "10.0.0.3, 10.0.0.2") == IPAddress("10.0.0.3"))
    }

    @Test("a malformed network is named")
    func malformedNetwork() {
        #expect(throws: MalformedNetwork(text: "10.0.0.0/99")) { try TrustedProxies(["10.0.0.1", "10.0.0.0/99"]) }
    }
}
