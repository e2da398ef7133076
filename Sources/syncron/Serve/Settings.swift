import ArgumentParser
import Foundation

/// What `syncron serve` is told by the environment (`SYNCRON_PORT` for `--port`) and by the section `serve` of the file
/// that `--config` names. A flag wins over the environment, and that over the file.
struct Settings {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let names = [
        "data", "host", "port", "admin-port", "config", "sandbox", "clock", "tls-cert", "tls-key", "trusted-proxy",
        "cors-origin", "journal-retention", "journal-segment", "sandbox-seed", "log-level",
    ]

    /// The arguments of the program as if everything had been given by flags.
    static func expanded(_ arguments: [String], _ environment: [String: String]) throws -> [String] {
        guard arguments.first == "serve", !arguments.contains(where: { ["--help", "-h"].contains($0) }) else {
            return arguments
        }
        let given = Set(arguments.compactMap(name(of:)))
        var flags: [String] = []
        var known = given
        for name in names where !known.contains(name) {
            let variable = "SYNCRON_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
            guard let value = environment[variable] else { continue }
            flags += try checked(name, value.split(separator: ",").map(String.init), source: variable)
            known.insert(name)
        }
        if let file = try value(of: "config", in: flags + arguments.dropFirst()) {
            for (name, values) in try DefinitionFile.settings(file) {
                let source = "--config: \(file): serve.\(name)"
                guard names.contains(name), name != "config" else {
                    throw Failure(description: "\(source) is no setting")
                }
                if !known.contains(name) { flags += try checked(name, values, source: source) }
            }
        }
        return ["serve"] + flags + arguments.dropFirst()
    }

    /// `port` for `--port` and `--port=80`; `sandbox` for both of its flags.
    private static func name(of argument: String) -> String? {
        guard argument.hasPrefix("--") else { return nil }
        let name = argument.dropFirst(2).prefix { $0 != "=" }
        return name == "no-sandbox" ? "sandbox" : String(name)
    }

    private static func value(of name: String, in arguments: [String]) throws -> String? {
        for (index, argument) in arguments.enumerated().reversed() {
            if argument.hasPrefix("--\(name)=") { return String(argument.dropFirst(name.count + 3)) }
            if argument == "--\(name)" { return index + 1 < arguments.count ? arguments[index + 1] : nil }
        }
        return nil
    }

    /// The flags for a setting, tried out by themselves, so that a bad value is named by where it stands.
    private static func checked(_ name: String, _ values: [String], source: String) throws -> [String] {
        var flags = values.map { "--\(name)=\($0)" }
        if name == "sandbox" {
            switch values {
            case ["true"]: flags = ["--sandbox"]
            case ["false"]: flags = ["--no-sandbox"]
            default: throw Failure(description: "\(source): must be true or false")
            }
        } else if name != "trusted-proxy", values.count != 1 {
            throw Failure(description: "\(source): must be one value")
        }
        // A certificate without its key is no mistake of the one's place.
        if ["tls-cert", "tls-key"].contains(name) { return flags }
        do {
            _ = try ServeOptions.parse(flags)
        } catch {
            throw Failure(description: "\(source): \(ServeOptions.message(for: error))")
        }
        return flags
    }
}
