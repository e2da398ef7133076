import SyncronCore
import SyncronMarketData
import SyncronNode

/// The tickers of all markets in one message: of each, those that changed since the last one.
struct AllTickersTopic: Sendable {
    /// By market, as last sent.
    private var sent: [MarketID: TickerReading] = [:]

    /// A reader who has seen nothing gets all of them.
    mutating func readerCame() { sent.removeAll() }

    mutating func push(_ directory: Directory, _ data: some MarketReading, into messages: inout MarketMessages) {
        var changed: [(reading: TickerReading, format: MarketFormat)] = []
        for market in directory.markets {
            guard let reading = data.read(market.id, { view, now in TickerReading(of: view, now: now) }),
                sent[market.id]?.hasSameFigures(as: reading) != true,
                let format = MarketFormat(market, directory)
            else { continue }
            sent[market.id] = reading
            changed.append((reading, format))
        }
        guard !changed.isEmpty else { return }
        messages.put(.allTickers) { json in
            json.beginArray()
            for ticker in changed { json.ticker(ticker.reading, ticker.format) }
            json.endArray()
        }
    }
}
