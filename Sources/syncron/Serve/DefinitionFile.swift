import Foundation
import SyncronGateway
import SyncronWire
import Yams

/// `exchange.yaml`: the assets and markets of the first day.
enum DefinitionFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The definition at `path`; the default one where there is no path.
    static func load(_ path: String?) throws -> ExchangeDefinition {
        guard let path else { return .standard }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(description: "--config: cannot read \(path)")
        }
        do {
            guard let node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else {
                throw Failure(description: "--config: \(path) is empty")
            }
            return try ExchangeDefinition(value(of: node))
        } catch let failure as DefinitionFailure {
            throw Failure(description: "--config: \(path): \(failure)")
        } catch let error as YamlError {
            throw Failure(description: "--config: \(path): \(error)")
        }
    }

    /// Scalars stay the text they are, so that `0.10` does not become a floating-point number.
    private static func value(of node: Node) -> JSONValue {
        switch node {
        case .scalar(let scalar):
            scalar.style == .plain && ["null", "~", ""].contains(scalar.string) ? .null : .string(scalar.string)
        case .sequence(let items):
            .array(items.map(value(of:)))
        case .mapping(let members):
            .object(members.map { JSONValue.Member(name: $0.key.string ?? "", value: value(of: $0.value)) })
        case .alias:
            .null
        }
    }
}
