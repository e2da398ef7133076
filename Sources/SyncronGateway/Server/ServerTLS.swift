import NIOSSL

/// A certificate chain and its key, for `https` and `wss`.
public struct ServerTLS: Sendable {
    /// Which of the two files is no good, and why.
    public struct Failure: Error, CustomStringConvertible {
        public enum Part: Sendable { case certificate, key }

        public let part: Part
        public let file: String
        let reason: String

        public var description: String {
            switch part {
            case .certificate: "no certificate chain in PEM can be read from \(file): \(reason)"
            case .key: "no private key in PEM for the certificate can be read from \(file): \(reason)"
            }
        }
    }

    let context: NIOSSLContext

    /// Both files in PEM. TLS 1.2 is the oldest version spoken.
    public init(certificateFile: String, keyFile: String) throws(Failure) {
        let chain = try Self.read(.certificate, certificateFile) { try NIOSSLCertificate.fromPEMFile(certificateFile) }
        let key = try Self.read(.key, keyFile) { try NIOSSLPrivateKey(file: keyFile, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        context = try Self.read(.key, keyFile) { try NIOSSLContext(configuration: configuration) }
    }

    private static func read<R>(_ part: Failure.Part, _ file: String, _ body: () throws -> R) throws(Failure) -> R {
        do { return try body() } catch { throw Failure(part: part, file: file, reason: "\(error)") }
    }
}
