import SyncronCore
import Testing

@testable import SyncronNode

@Suite("The directory")
struct DirectoryTests {
    private func market(_ id: UInt16, _ symbol: String) -> Event {
        .marketDefined(
            Market(
                id: MarketID(id), symbol: symbol, base: AssetID(0), quote: AssetID(1), kind: .spot, status: .trading,
                pricePrecision: 2, quantityPrecision: 2, tickSize: 1, stepSize: 1,
                filters: Filters(
                    minPrice: Ticks(1), maxPrice: Ticks(9), minQuantity: Steps(1), maxQuantity: Steps(9),
                    minMarketQuantity: Steps(1), maxMarketQuantity: Steps(9), minNotional: .zero, maxNotional: nil),
                commissions: []))
    }

    @Test("a market is found in any case, and without dashes where that is clear")
    func spelling() {
        var parts = DirectoryParts()
        let symbols = ["BTC-USDT", "BTC-USDT-PERP", "A-BC", "AB-C", "1-2"]
        for (index, symbol) in symbols.enumerated() {
            let changed = parts.apply(market(UInt16(index), symbol))
            #expect(changed)
        }
        let directory = Directory(parts)
        for spelling in ["BTC-USDT", "btc-usdt", "Btc-Usdt", "BTCUSDT", "btcusdt", "BtcUsdt"] {
            #expect(directory.market(spelled: spelling)?.symbol == "BTC-USDT", "\(spelling)")
        }
        #expect(directory.market(spelled: "btcusdtperp")?.symbol == "BTC-USDT-PERP")
        #expect(directory.market(spelled: "ab-c")?.symbol == "AB-C")
        #expect(directory.market(spelled: "a-bc")?.symbol == "A-BC")
        #expect(directory.market(spelled: "12")?.symbol == "1-2")
        for spelling in ["ABC", "abc", "", "BTC", "BTC--USDT", "BTC_USDT", " BTC-USDT"] {
            #expect(directory.market(spelled: spelling) == nil, "\(spelling)")
        }
    }

    @Test("a redefined market keeps its place and its name")
    func redefinition() {
        var parts = DirectoryParts()
        _ = parts.apply(market(0, "BTC-USDT"))
        _ = parts.apply(market(0, "BTC-USDT"))
        _ = parts.apply(.marketStatusChanged(SetMarketStatus(market: MarketID(0), status: .halt)))
        let directory = Directory(parts)
        #expect(directory.markets.count == 1)
        #expect(directory.market(spelled: "btcusdt")?.status == .halt)
    }

    @Test("a directory that was handed out never changes")
    func immutable() {
        var parts = DirectoryParts()
        for id in 1...3_000 as ClosedRange<UInt32> {
            _ = parts.apply(.accountOpened(Account(id: AccountID(id))))
        }
        let old = Directory(parts)
        _ = parts.apply(.accountChanged(Account(id: AccountID(2_000), canTrade: false)))
        _ = parts.apply(.accountOpened(Account(id: AccountID(3_001))))
        _ = parts.apply(
            .listenKeyOpened(ListenKey(key: "k", account: AccountID(1), expiresAt: Timestamp(milliseconds: 1))))
        let new = Directory(parts)
        #expect(old.account(AccountID(2_000))?.canTrade == true)
        #expect(new.account(AccountID(2_000))?.canTrade == false)
        #expect(old.accountCount == 3_000 && new.accountCount == 3_001)
        #expect(old.account(AccountID(3_001)) == nil && new.account(AccountID(3_001)) != nil)
        #expect(old.account(AccountID(0)) == nil)
        #expect(old.listenKey("k") == nil && new.listenKey("k") != nil)
    }

    @Test("a listing by key counts what is in it")
    func sharded() {
        var list = Sharded<Int>()
        for number in 0..<1_000 { list["key \(number)"] = number }
        #expect(list.count == 1_000)
        list["key 5"] = 6
        list["key 6"] = nil
        list["key 6"] = nil
        #expect(list.count == 999)
        #expect(list["key 5"] == 6 && list["key 6"] == nil && list["key 999"] == 999)
    }
}
