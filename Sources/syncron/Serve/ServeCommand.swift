import ArgumentParser
@preconcurrency import Dispatch
import Foundation
import Logging
import SyncronGateway
import SyncronNode

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the exchange until it is told to stop (Ctrl-C, SIGTERM).")

    @OptionGroup var options: ServeOptions

    func run() async throws {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = options.logLevel
            return handler
        }
        let exchange = try await RunningExchange.start(options)
        await StopSignals.first()
        Console.note("stopping")
        await exchange.stop()
        Console.note("stopped")
    }
}

/// SIGINT and SIGTERM.
enum StopSignals {
    private static let numbers = [SIGINT, SIGTERM]

    /// Returns when the first of them arrives. A second one ends the process at once.
    static func first() async {
        let (signals, arrivals) = AsyncStream.makeStream(of: Void.self)
        let sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { arrivals.yield() }
            source.resume()
            return source
        }
        for await _ in signals { break }
        for source in sources { source.cancel() }
        for number in numbers { signal(number, SIG_DFL) }
    }
}
