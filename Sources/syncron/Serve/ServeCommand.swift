import ArgumentParser
import Foundation
import Logging
import SyncronGateway
import SyncronNode

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the exchange until it is told to stop (Ctrl-C, SIGTERM).")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        Console.isServing.store(true, ordering: .relaxed)
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = options.logLevel
            return handler
        }
        let exchange = try await RunningExchange.start(options)
        await exchange.stopSignals.first()
        Console.note("stopping")
        await exchange.stop()
        Console.note("stopped")
    }
}
