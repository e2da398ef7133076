import NIOCore
import Testing

@testable import SyncronWire

@Suite struct SignedPayloadTests {
    private func payload(_ query: String, _ body: String = "", _ kind: Parameters.BodyKind = .none) -> String {
        let payload = SignedPayload(
            query: ByteBuffer(string: query), body: ByteBuffer(string: body), bodyKind: body.isEmpty ? .none : kind)
        return String(decoding: payload.bytes, as: UTF8.self)
    }

    @Test(
        "the query is covered as sent, without its signature, wherever that stands",
        arguments: [
            ("", ""), ("a=1", "a=1"), ("signature=X", ""), ("signature=X&a=1", "a=1"), ("a=1&signature=X", "a=1"),
            ("a=1&signature=X&b=2", "a=1&b=2"), ("a=%20&b=+&signature=X", "a=%20&b=+"), ("a=1&signature", "a=1"),
            ("a=1&signature=", "a=1"), ("signatures=1&xsignature=2", "signatures=1&xsignature=2"),
            ("a=signature&signature=X", "a=signature"), ("a=signature=1", "a=signature=1"),
            ("a=1&Signature=X", "a=1&Signature=X"), ("a=1&&signature=X", "a=1&"), ("&signature=X", ""),
            ("a=1&sign%61ture=X", "a=1&sign%61ture=X"), ("signature=X&signature=Y", "signature=Y"),
        ] as [(String, String)])
    func query(sent: String, covered: String) { #expect(payload(sent) == covered) }

    @Test("a form body is covered without its signature, a JSON body as a whole")
    func body() {
        #expect(payload("a=1", "b=2&signature=X", .form) == "a=1b=2")
        #expect(payload("a=1&signature=X", "b=2", .form) == "a=1b=2")
        #expect(payload("", "signature=X&b=2", .form) == "b=2")
        #expect(payload("", "b=2&signature=X&c=3", .form) == "b=2&c=3")
        #expect(payload("signature=X", #"{"a":"b&signature=c"}"#, .json) == #"{"a":"b&signature=c"}"#)
        #expect(payload("t=1&signature=X", "{\"a\":\"1\"}", .json) == "t=1{\"a\":\"1\"}")
    }

    @Test("slices of a larger buffer are covered as what they show")
    func slices() {
        var buffer = ByteBuffer(string: "xxxxa=1&signature=Y&b=2zzz")
        buffer.moveReaderIndex(forwardBy: 4)
        let query = buffer.readSlice(length: 19)!
        #expect(String(decoding: SignedPayload(query: query).bytes, as: UTF8.self) == "a=1&b=2")
    }
}

@Suite struct HMACKeyTests {
    private func payload(_ text: String) -> SignedPayload { SignedPayload(query: ByteBuffer(string: text)) }

    @Test("the published vectors of HMAC-SHA256 come out")
    func vectors() {
        // RFC 4231, cases 1, 2 and 6; and the example that trading clients know.
        let first = SignedPayload(query: ByteBuffer(string: "Hi There"))
        #expect(
            HMACKey(secret: [UInt8](repeating: 0x0B, count: 20)).signature(of: first)
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            HMACKey(secret: "Jefe").signature(of: payload("what do ya want for nothing?"))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            HMACKey(secret: [UInt8](repeating: 0xAA, count: 131))
                .signature(of: payload("Test Using Larger Than Block-Size Key - Hash Key First"))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
        let order =
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
            + "&timestamp=1499827319559"
        #expect(
            HMACKey(secret: secret).signature(of: payload(order))
                == "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71")
    }

    @Test("query and body together sign as one text")
    func joins() {
        let key = HMACKey(secret: "s")
        let parts = SignedPayload(
            query: ByteBuffer(string: "a=1&signature=0"), body: ByteBuffer(string: "b=2"), bodyKind: .form)
        #expect(key.signature(of: parts) == key.signature(of: payload("a=1b=2")))
    }

    @Test("the right signature is valid in either case, and nothing else is")
    func verifies() {
        let key = HMACKey(secret: "secret")
        let sent = payload("a=1")
        let right = key.signature(of: sent)
        #expect(key.isValid(right, for: sent))
        #expect(key.isValid(right.uppercased(), for: sent))
        #expect(!key.isValid(right, for: payload("a=2")))
        #expect(!HMACKey(secret: "other").isValid(right, for: sent))
        #expect(!key.isValid("", for: sent))
        #expect(!key.isValid(String(right.dropLast()), for: sent))
        #expect(!key.isValid(right + "0", for: sent))
        #expect(!key.isValid(" " + right.dropFirst(), for: sent))
        #expect(!key.isValid(String(repeating: "é", count: 32), for: sent))
        for place in 0..<64 {
            var digits = Array(right.utf8)
            digits[place] = digits[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            #expect(!key.isValid(String(decoding: digits, as: UTF8.self), for: sent), "digit \(place)")
        }
    }
}

@Suite struct Ed25519KeyTests {
    private func payload(_ bytes: [UInt8]) -> SignedPayload { SignedPayload(query: ByteBuffer(bytes: bytes)) }

    private static let secret: [UInt8] = [
        0x4C, 0xCD, 0x08, 0x9B, 0x28, 0xFF, 0x96, 0xDA, 0x9D, 0xB6, 0xC3, 0x46, 0xEC, 0x11, 0x4E, 0x0F,
        0x5B, 0x8A, 0x31, 0x9F, 0x35, 0xAB, 0xA6, 0x24, 0xDA, 0x8C, 0xF6, 0xED, 0x4F, 0xB8, 0xA6, 0xFB,
    ]

    @Test("the published vector of Ed25519 comes out")
    func vector() throws {
        // RFC 8032, section 7.1, test 2: the message is the byte 0x72.
        let key = try #require(Ed25519PrivateKey(Base64.text(Self.secret)))
        #expect(
            Hex.text(key.publicKey.raw) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        let published =
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        let digits = Array(published.utf8)
        let bytes = stride(from: 0, to: 128, by: 2).map { Hex.value(digits[$0])! << 4 | Hex.value(digits[$0 + 1])! }
        #expect(key.publicKey.isValid(Base64.text(bytes), for: payload([0x72])))
        #expect(!key.publicKey.isValid(Base64.text(bytes), for: payload([0x73])))
    }

    @Test("what a key signs its public half accepts, and no other")
    func signs() throws {
        let (key, other) = (Ed25519PrivateKey(), Ed25519PrivateKey())
        let sent = payload(Array("a=1&b=2".utf8))
        let signature = try #require(key.signature(of: sent))
        #expect(key.publicKey.isValid(signature, for: sent))
        #expect(key.publicKey.isValid(String(signature.map { $0 == "+" ? " " : $0 }), for: sent))
        #expect(!other.publicKey.isValid(signature, for: sent))
        for bad in [
            "", "x", String(signature.dropLast(4)), signature + "AAAA", String(signature.dropLast()), "é" + signature,
        ] {
            #expect(!key.publicKey.isValid(bad, for: sent))
        }
    }

    @Test("keys are read from base64 and from PEM")
    func formats() throws {
        let key = Ed25519PrivateKey()
        #expect(Ed25519PrivateKey(key.text)?.raw == key.raw)
        #expect(Ed25519PrivateKey(key.pem)?.raw == key.raw)
        #expect(Ed25519PublicKey(key.publicKey.text) == key.publicKey)
        #expect(Ed25519PublicKey(key.publicKey.pem) == key.publicKey)
        #expect(Ed25519PublicKey("\n " + key.publicKey.text + " \n") == key.publicKey)
        // Made by openssl.
        let pem = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=
            -----END PUBLIC KEY-----
            """
        #expect(Ed25519PublicKey(pem) == Ed25519PrivateKey(Base64.text(Self.secret))?.publicKey)
        for bad in [
            "", "x", "AAAA", key.publicKey.pem.replacing("PUBLIC", with: "PRIVATE"),
            String(key.publicKey.text.dropLast()),
            "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----", key.pem,
            key.publicKey.text + "AAAA",
        ] {
            #expect(Ed25519PublicKey(bad) == nil)
        }
    }
}

@Suite struct Base64Tests {
    @Test("every length is written and read again")
    func roundTrips() {
        var random = SeededRandom(seed: 3)
        for length in 0...200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.bytes(Base64.text(bytes)) == bytes, "seed \(random.seed), length \(length)")
        }
        #expect(Base64.text(Array("foobar".utf8)) == "Zm9vYmFy")
        #expect(Base64.text(Array("fooba".utf8)) == "Zm9vYmE=")
        #expect(Base64.text(Array("foob".utf8)) == "Zm9vYg==")
    }

    @Test(
        "what no bytes are written as is refused",
        arguments: [
            "A", "AA", "AAA", "A===", "====", "AA=A", "AB==", "AAB=", "AA==AA==", "AA- ", "AA_A", "AAA\n", "AAé",
        ])
    func refuses(text: String) { #expect(Base64.bytes(text) == nil) }
}
