import SyncronCore
import Testing

@testable import SyncronSimulator

@Suite("Reference prices")
struct ReferencePriceTests {
    @Test("prices start at home, stay around it, and those of crosses fit together", arguments: [1, 2, 3] as [UInt64])
    func walk(_ seed: UInt64) throws {
        var prices = ReferencePrices(assets: DefaultScene.assets)
        var random = SeededRandom(seed: seed)
        #expect(prices.price(of: DefaultScene.markets[0]) == Ticks(6_000_000))
        #expect(prices.price(of: DefaultScene.markets[3]) == Ticks(5_000))
        var lowest = Int64.max
        var highest: Int64 = 0
        for _ in 0..<20_000 {
            prices.pass(&random)
            let btc = try #require(prices.price(of: DefaultScene.markets[0])).raw
            let eth = try #require(prices.price(of: DefaultScene.markets[1])).raw
            let cross = try #require(prices.price(of: DefaultScene.markets[3])).raw
            #expect(abs(cross - eth * 100_000 / btc) <= 1)
            lowest = min(lowest, btc)
            highest = max(highest, btc)
        }
        #expect(lowest > 4_500_000 && highest < 7_500_000)
        #expect(highest - lowest > 10_000, "the price hardly moves")
    }
}
