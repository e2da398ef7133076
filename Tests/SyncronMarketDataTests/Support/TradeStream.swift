import SyncronCore

@testable import SyncronMarketData

/// Quote units of one tick × one step in these tests.
let unitsPerTickStep: Int64 = 10

/// How much time lies between two trades, in milliseconds.
enum Pace {
    /// Many in one millisecond, few seconds in all.
    case dense
    /// From the same millisecond to days apart.
    case mixed
    /// Minutes to hours.
    case slow

    func gap(_ random: inout SeededRandom) -> Int64 {
        switch self {
        case .dense: return random.chance(percent: 50) ? 0 : random.number(1...400)
        case .slow: return random.number(20_000...4_000_000)
        case .mixed:
            switch random.number(0...99) {
            case 0..<30: return 0
            case 30..<60: return random.number(1...1_500)
            case 60..<85: return random.number(1_000...200_000)
            case 85..<98: return random.number(100_000...10_000_000)
            default: return random.number(10_000_000...400_000_000)
            }
        }
    }
}

/// A random walk of trades with ids from 1, times that never run backwards and prices above zero.
struct TradeStream {
    var random: SeededRandom
    var pace: Pace
    var time: Int64
    private var price: Int64 = 3_000
    private var nextID: UInt64 = 1

    init(seed: UInt64, pace: Pace, start: Int64 = 1_709_160_000_123) {
        random = SeededRandom(seed: seed)
        self.pace = pace
        time = start
    }

    mutating func next() -> PublicTrade {
        time += pace.gap(&random)
        price = max(1, price + random.number(-25...25))
        defer { nextID += 1 }
        return trade(
            id: nextID, price: price, quantity: random.number(1...5_000), time: time,
            takerSide: random.chance(percent: 50) ? .buy : .sell)
    }

    mutating func take(_ count: Int) -> [PublicTrade] { (0..<count).map { _ in next() } }
}

func trade(
    id: UInt64, price: Int64, quantity: Int64 = 1, time: Int64, takerSide: Side = .buy
) -> PublicTrade {
    PublicTrade(
        id: TradeID(id), price: Ticks(price), quantity: Steps(quantity),
        notional: Units(Int128(price) * Int128(quantity) * Int128(unitsPerTickStep)),
        time: ms(time), takerSide: takerSide)
}

func ms(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

/// The event that leads to the public trade.
func tradedEvent(_ trade: PublicTrade, market: MarketID) -> Event {
    .traded(
        Trade(
            market: market, id: trade.id, price: trade.price, quantity: trade.quantity, notional: trade.notional,
            takerSide: trade.takerSide, makerOrder: OrderID(1), takerOrder: OrderID(2), makerAccount: AccountID(1),
            takerAccount: AccountID(2), makerWallet: .spot, takerWallet: .spot, makerCommission: .zero,
            takerCommission: .zero, time: trade.time))
}

func change(_ side: Side, _ price: Int64, _ quantity: Int64, market: MarketID = MarketID(0)) -> LevelChange {
    LevelChange(market: market, side: side, price: Ticks(price), quantity: Steps(quantity))
}

func level(_ price: Int64, _ quantity: Int64) -> PriceLevel {
    PriceLevel(price: Ticks(price), quantity: Steps(quantity))
}
