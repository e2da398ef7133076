import SyncronCore
import SyncronMarketData
import SyncronNode

/// The tickers of all markets in one message: of each, those that changed since the last one.
struct AllTickersTopic: Sendable {
    /// By market, what readers know, sent or not.
    private var known: [MarketID: TickerReading] = [:]

    /// There are readers now: they are told of changes from here on. `markets` say how far their books were followed;
    /// where memory is ahead of that, what the next batch tells would never be seen as a change.
    mutating func readersCame(_ markets: [MarketTopics], _ data: some MarketReading) {
        known.removeAll()
        for market in markets {
            let reading = data.read(market.id) { view, now in TickerReading(of: view, now: now) }
            if let reading, reading.book.updateID == market.updateID { known[market.id] = reading }
        }
    }

    mutating func push(_ directory: Directory, _ data: some MarketReading, into messages: inout MarketMessages) {
        var changed: [(reading: TickerReading, format: MarketFormat)] = []
        for market in directory.markets {
            guard let reading = data.read(market.id, { view, now in TickerReading(of: view, now: now) }),
                known[market.id]?.hasSameFigures(as: reading) != true,
                let format = MarketFormat(market, directory)
            else { continue }
            known[market.id] = reading
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
