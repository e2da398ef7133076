import Foundation
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    /// A self-signed certificate and its key in a directory of their own.
    private static func makeCertificate() throws -> (directory: URL, tls: ServerTLS) {
        let directory = FileManager.default.temporaryDirectory.appending(path: "syncron-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let (key, certificate) = (directory.appending(path: "key.pem").path, directory.appending(path: "cert.pem").path)
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost",
        ]
        openssl.standardOutput = FileHandle.nullDevice
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        guard openssl.terminationStatus == 0 else {
            throw FixtureFailure("there is no openssl to make a certificate with: install it (make setup)")
        }
        return (directory, try ServerTLS(certificateFile: certificate, keyFile: key))
    }

    @Test("https and wss are spoken on one port, and plain HTTP there is hung up on")
    func speaksTLS() async throws {
        let (directory, tls) = try Self.makeCertificate()
        defer { try? FileManager.default.removeItem(at: directory) }
        try await withServer(tls: tls) { server, _, port in
            let client = try await RawClient.connect(port: port, tls: true)
            for i in 0..<3 {
                try await client.send(httpRequest("GET /now?\(i)"))
                #expect(try await client.answer().body == "now \(i)")
            }
            try await client.send(httpRequest("GET /big?3000000", "Connection: close"))
            #expect(try await client.answer().body.utf8.count == 3_000_000)
            #expect(await client.rest() == "")
            let socket = try await RawClient.webSocket(port: port, tls: true)
            try await socket.send(bytes: RawClient.frame(0x81, Array("hi".utf8)))
            #expect(try await socket.nextFrame() == .text("hi"))
            let plain = try await RawClient.connect(port: port)
            try await plain.send(httpRequest("GET /now"))
            #expect(!(await plain.rest()).hasPrefix("HTTP"))
            let bad = try await RawClient.connect(port: port, tls: true)
            try await bad.send("GARBAGE\r\n\r\n")
            #expect(try await bad.answer().status == 400)
            #expect(await bad.rest() == "")
            for client in [client, socket, plain, bad] { await client.close() }
            #expect(await eventually { server.counters.openConnections == 0 })
        }
    }

    @Test("files that hold no certificate or key are refused")
    func refusesBadFiles() throws {
        let failure = try #require(throws: ServerTLS.Failure.self) {
            try ServerTLS(certificateFile: "/no/cert.pem", keyFile: "/no/key.pem")
        }
        #expect(failure.part == .certificate && failure.description.contains("/no/cert.pem"))
        let (directory, _) = try Self.makeCertificate()
        defer { try? FileManager.default.removeItem(at: directory) }
        let certificate = directory.appending(path: "cert.pem").path
        let second = try #require(throws: ServerTLS.Failure.self) {
            try ServerTLS(certificateFile: certificate, keyFile: "/no/key.pem")
        }
        #expect(second.part == .key && second.description.contains("/no/key.pem"))
        let third = try #require(throws: ServerTLS.Failure.self) {
            try ServerTLS(certificateFile: certificate, keyFile: certificate)
        }
        #expect(third.part == .key)
    }
}
