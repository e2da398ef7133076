import Foundation
import Testing

@Suite("end to end: settings", .serialized)
struct SettingsTests {
    private static let ports = ["--port", "0", "--admin-port", "0"]

    @Test("a flag wins over the environment, and that over the file")
    func precedence() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/exchange.yaml"
        let text =
            "serve:\n  clock: manual\n  log-level: error\n  sandbox: true\n  trusted-proxy: [10.0.0.0/8, 127.0.0.1]\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let exchange = try ExchangeProcess(
            data: directory.path + "/a", ["--no-sandbox"], environment: ["SYNCRON_CONFIG": file])
        let faucet = try await HTTPClient.send("POST", exchange.url + "/v1/sandbox/faucet")
        #expect(faucet.status == 404, "the flag says no sandbox")
        let first = try await exchange.get("/v1/time").text
        try await Task.sleep(for: .milliseconds(20))
        #expect(try await exchange.get("/v1/time").text == first, "the file says that the clock stands still")
        exchange.stop()
        let second = try ExchangeProcess(
            data: directory.path + "/b", ["--no-sandbox"],
            environment: ["SYNCRON_CONFIG": file, "SYNCRON_CLOCK": "system"])
        let start = try await second.get("/v1/time").text
        try await Task.sleep(for: .milliseconds(20))
        #expect(try await second.get("/v1/time").text != start, "the environment says that it runs")
    }

    @Test(
        "a bad value is named by where it stands",
        arguments: [
            ("SYNCRON_PORT", "x", "SYNCRON_PORT"), ("SYNCRON_PORT", "70000", "SYNCRON_PORT"),
            ("SYNCRON_CLOCK", "sundial", "SYNCRON_CLOCK"), ("SYNCRON_SANDBOX", "perhaps", "SYNCRON_SANDBOX"),
            ("SYNCRON_CORS_ORIGIN", "zzz", "SYNCRON_CORS_ORIGIN"),
            ("SYNCRON_TRUSTED_PROXY", "10.0.0.0/8,x", "SYNCRON_TRUSTED_PROXY"),
            ("SYNCRON_CONFIG", "/nowhere.yaml", "/nowhere.yaml"),
        ])
    func environment(_ name: String, _ value: String, _ named: String) throws {
        let (status, output) = try runSyncron(["serve"], environment: [name: value])
        #expect(status != 0)
        #expect(output.contains(named), "\(output)")
    }

    @Test(
        "so is one in the file",
        arguments: [
            ("serve: {port: x}", "serve.port"), ("serve: {prot: 80}", "serve.prot is no setting"),
            ("serve: [port]", "serve must be a mapping"), ("serve: {host: }", "serve.host has no value"),
            ("serve: {port: [1, 2]}", "serve.port: must be one value"), ("serve: {sandbox: 2}", "serve.sandbox"),
            ("serve: {port: 80}\nmarkts: []", "markts"), ("- 1", "must be a mapping"),
        ])
    func file(_ text: String, _ named: String) throws {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/exchange.yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let (status, output) = try runSyncron(["serve", "--config", file, "--data", directory.path + "/data"])
        #expect(status != 0)
        #expect(output.contains(named), "\(output)")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/data/journal"), "nothing was begun")
    }
}
