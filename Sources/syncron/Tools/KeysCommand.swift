import ArgumentParser
import Foundation
import NIOCore
import SyncronWire

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Sign a request, or make an Ed25519 key pair.",
        subcommands: [SignCommand.self, GenerateCommand.self])
}

/// Prints the signature of a request, as a client has to send it.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Print the signature of a query string and a body.",
        discussion: """
            Signed is the query string without its signature parameter, followed by the body; a body that is JSON is \
            signed as it is, a form without its signature parameter.
            """)

    @Option(help: "The HMAC secret.")
    var secret: String?

    @Option(help: ArgumentHelp("An Ed25519 private key: PEM, or base64 of 32 bytes.", valueName: "file"))
    var ed25519Key: String?

    @Option(help: "The query string, without the question mark.")
    var query = ""

    @Option(help: "The body.")
    var body = ""

    @Flag(help: "The body is JSON, not a form.")
    var json = false

    func validate() throws {
        guard (secret == nil) != (ed25519Key == nil) else {
            throw ValidationError("Give either --secret or --ed25519-key.")
        }
    }

    func run() throws {
        let payload = SignedPayload(
            query: ByteBuffer(string: query), body: ByteBuffer(string: body),
            bodyKind: body.isEmpty ? .none : json ? .json : .form)
        if let secret {
            Console.print(HMACKey(secret: secret).signature(of: payload))
        } else if let path = ed25519Key {
            guard let bytes = FileManager.default.contents(atPath: path),
                let key = Ed25519PrivateKey(String(decoding: bytes, as: UTF8.self))
            else { throw ValidationError("--ed25519-key: \(path) holds no Ed25519 private key.") }
            guard let signature = key.signature(of: payload) else { throw ExitCode.failure }
            Console.print(signature)
        }
    }
}

/// Makes a key pair: the private half goes to a file, the public half to an operator.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make an Ed25519 key pair.")

    @Option(help: ArgumentHelp("Where the private key is written, readable by its owner only.", valueName: "file"))
    var out = "ed25519.pem"

    func run() throws {
        let key = Ed25519PrivateKey()
        let made = FileManager.default.fileExists(atPath: out)
        guard !made else { throw ValidationError("--out: \(out) exists already.") }
        guard
            FileManager.default.createFile(
                atPath: out, contents: Data(key.pem.utf8), attributes: [.posixPermissions: 0o600])
        else { throw ValidationError("--out: cannot write \(out).") }
        Console.print("private key: \(out)")
        Console.print("ed25519PublicKey: \(Data(key.publicKey.raw).base64EncodedString())")
    }
}
