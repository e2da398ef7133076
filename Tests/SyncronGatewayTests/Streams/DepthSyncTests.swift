import SyncronCore
import SyncronMarketData
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("A book kept by a client")
struct DepthSyncTests {
    /// A client that follows a book by the rule: buffer, take a snapshot, drop what it covers, apply the rest.
    private final class Client {
        var book: [Side: [String: String]] = [:]
        var lastID: Int64?
        private var buffered: [JSONValue] = []
        private(set) var failure: String?

        /// A message of the stream.
        func receive(_ event: JSONValue) {
            if lastID == nil { buffered.append(event) } else { apply(event) }
        }

        /// A snapshot over REST, at any time after the subscription was answered.
        func takeSnapshot(of view: borrowing MarketView, _ format: MarketFormat) {
            for side in [Side.buy, .sell] {
                book[side] = [:]
                for level in view.depth.levels(side, limit: 5_000) {
                    let price = DecimalText.fixed(format.priceUnits(level.price), decimals: format.priceDecimals)
                    let quantity = format.quantityUnits(level.quantity)
                    book[side]?[price] = DecimalText.trimmed(quantity, decimals: format.quantityDecimals)
                }
            }
            lastID = Int64(view.depth.updateID)
            isFirst = true
            for event in buffered { apply(event) }
            buffered = []
        }

        private var isFirst = false

        private func apply(_ event: JSONValue) {
            guard let first = event["U"]?.integer, let last = event["u"]?.integer, let known = lastID else {
                failure = "not a change: \(event)"
                return
            }
            if last <= known { return }
            let isNext = isFirst ? first <= known + 1 : first == known + 1
            if !isNext { failure = "\(first)…\(last) after \(known)" }
            isFirst = false
            for (name, side) in [("b", Side.buy), ("a", .sell)] {
                for level in event[name]?.items ?? [] {
                    guard let price = level[0]?.text, let quantity = level[1]?.text else { continue }
                    book[side]?[price] = quantity == "0" ? nil : quantity
                }
            }
            lastID = last
        }
    }

    /// The exchange's book, ahead of the streams by what waits to be published.
    private struct World {
        let format: MarketFormat
        let data = HeldMarketData()
        var topics = MarketTopics(StreamFixture.btcUSDT.id, updateID: 0)
        var waiting: [LevelChange] = []
        var messages = MarketMessages()
        var clients: [Client] = []
        /// The book as it was at each update id.
        var books: [Int64: [Side: [String: String]]] = [0: [.buy: [:], .sell: [:]]]

        init() throws {
            format = try StreamFixture.format()
            topics.setFormat(format)
        }

        mutating func change(_ random: inout StreamRandom) {
            let quantity = Bool.random(using: &random) ? 0 : Int64.random(in: 1...30, using: &random)
            let change = LevelChange(
                market: StreamFixture.btcUSDT.id, side: Bool.random(using: &random) ? .buy : .sell,
                price: Ticks(Int64.random(in: 1...20, using: &random)), quantity: Steps(quantity))
            data.apply(.levelChanged(change))
            waiting.append(change)
            let reader = Client()
            snapshot(for: reader)
            if let id = reader.lastID { books[id] = reader.book }
        }

        mutating func publish(_ random: inout StreamRandom) {
            let count = Int.random(in: 0...waiting.count, using: &random)
            for change in waiting.prefix(count) { topics.apply(change) }
            waiting.removeFirst(count)
            topics.finishBatch(data, into: &messages)
        }

        mutating func beat() throws {
            let due = StreamBeat.Due(fastDepth: true, candles: false, seconds: false)
            topics.push(due, passed: .zero, data, into: &messages)
            for text in messages.take(.depth(.fast)) {
                let event = try JSONValue(text)
                for client in clients { client.receive(event) }
            }
        }

        func snapshot(for client: Client) {
            data.read(StreamFixture.btcUSDT.id) { view, _ in client.takeSnapshot(of: view, format) }
        }

        /// What is wrong with the books of the clients; nil when each is the exchange's of its update id.
        var disagreement: String? {
            for client in clients {
                if let failure = client.failure { return failure }
                if let id = client.lastID, client.book != books[id] { return "another book at \(id)" }
            }
            return nil
        }
    }

    @Test(
        "snapshot and changes give the exchange's book at every step, whenever a client came and asked",
        .timeLimit(.minutes(2)))
    func sync() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = StreamRandom(seed: seed)
        for _ in 0..<60 {
            var world = try World()
            for _ in 0..<400 {
                switch Int.random(in: 0..<12, using: &random) {
                case 0...5: world.change(&random)
                case 6, 7: world.publish(&random)
                case 8: try world.beat()
                case 9 where world.clients.count < 6:
                    world.clients.append(Client())
                    world.topics.readerCame(to: .depth(.fast), world.data)
                case 10:
                    if let client = world.clients.filter({ $0.lastID == nil }).randomElement(using: &random) {
                        world.snapshot(for: client)
                    }
                default:
                    if !world.clients.isEmpty && Int.random(in: 0..<8, using: &random) == 0 {
                        world.clients.removeLast()
                        if world.clients.isEmpty { world.topics.lastReaderLeft(.depth(.fast)) }
                    }
                }
                try #require(world.disagreement == nil, "seed \(seed)")
            }
            while !world.waiting.isEmpty { world.publish(&random) }
            try world.beat()
            for client in world.clients where client.lastID == nil { world.snapshot(for: client) }
            try #require(world.disagreement == nil, "seed \(seed)")
            let newest = world.data.read(StreamFixture.btcUSDT.id) { view, _ in Int64(view.depth.updateID) }
            for client in world.clients { try #require(client.lastID == newest, "seed \(seed)") }
        }
    }
}
