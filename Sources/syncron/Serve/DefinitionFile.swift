import Foundation
import SyncronGateway
import SyncronWire
import Yams

/// `exchange.yaml`: the assets and markets of the first day.
enum DefinitionFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The member that is about the process and not about the exchange.
    private static let settingsName = "serve"

    /// The definition at `path`; the default one where there is no path, or no definition in it.
    static func load(_ path: String?) throws -> ExchangeDefinition {
        guard let path else { return .standard }
        let document = try document(path)
        guard let members = document.members else { throw Failure(description: "--config: \(path): must be a mapping") }
        let definition = members.filter { $0.name != settingsName }
        if definition.isEmpty && definition.count < members.count { return .standard }
        do {
            return try ExchangeDefinition(.object(definition))
        } catch {
            throw Failure(description: "--config: \(path): \(error)")
        }
    }

    /// The settings of `syncron serve` in the file at `path`, each with its value or values.
    static func settings(_ path: String) throws -> [(name: String, values: [String])] {
        guard let section = try document(path)[settingsName], section != .null else { return [] }
        guard let members = section.members else {
            throw Failure(description: "--config: \(path): \(settingsName) must be a mapping")
        }
        return try members.map { member in
            let values = member.value.items ?? [member.value]
            let texts = values.compactMap(\.text)
            guard texts.count == values.count else {
                throw Failure(description: "--config: \(path): \(settingsName).\(member.name) has no value")
            }
            return (name: member.name, values: texts)
        }
    }

    private static func document(_ path: String) throws -> JSONValue {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(description: "--config: cannot read \(path)")
        }
        do {
            guard let node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else {
                throw Failure(description: "--config: \(path) is empty")
            }
            return value(of: node)
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
