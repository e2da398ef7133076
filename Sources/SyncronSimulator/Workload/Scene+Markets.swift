import SyncronCore

/// Drawing markets whose price × quantity is always a whole number of quote units.
extension Scene {
    static func place(
        _ index: Int, _ base: Asset, _ quote: Asset, _ style: Workload.Style, _ random: inout SeededRandom
    ) -> Place {
        let grid = grid(base, quote, style, &random)
        let market = Market(
            id: MarketID(UInt16(index)), symbol: "\(base.name)-\(quote.name)", base: base.id, quote: quote.id,
            kind: .spot, status: .trading, pricePrecision: grid.pricePrecision,
            quantityPrecision: grid.quantityPrecision, tickSize: grid.tick, stepSize: grid.step,
            filters: Filters(
                minPrice: Ticks(1), maxPrice: Ticks(1), minQuantity: Steps(1), maxQuantity: Steps(1),
                minMarketQuantity: Steps(1), maxMarketQuantity: Steps(1), minNotional: .zero, maxNotional: nil),
            commissions: commissions(style, &random))
        let exponent = Int(quote.decimals) - Int(grid.pricePrecision) - Int(grid.quantityPrecision)
        var place = Place(
            id: market.id, definition: market, middle: 1, width: 1, usualQuantity: 1,
            quoteUnit: Int128(grid.tick) * Int128(grid.step) * power(max(0, exponent)) / power(max(0, -exponent)),
            baseUnit: Int128(grid.step) * power(Int(base.decimals) - Int(grid.quantityPrecision)))
        switch style {
        case .margin, .futures:
            (place.middle, place.width, place.usualQuantity) = (random.pick([60_000, 3_000]), 400, 50_000)
        case .realistic: (place.middle, place.width, place.usualQuantity) = (60_000, 60, 50_000)
        case .tight: (place.middle, place.width, place.usualQuantity) = (8, 5, 12)
        case .awkward: (place.middle, place.width, place.usualQuantity) = (random.int(in: 2...400), 9, 60)
        case .extreme:
            place.middle = random.magnitude(upTo: 1 << 40)
            place.width = max(1, place.middle / 8)
            place.usualQuantity = 1 << 40
        }
        place.definition.filters = filters(place, style, &random)
        return place
    }

    private struct Grid {
        var pricePrecision: UInt8
        var quantityPrecision: UInt8
        var tick: Int64
        var step: Int64
    }

    private static func grid(
        _ base: Asset, _ quote: Asset, _ style: Workload.Style, _ random: inout SeededRandom
    ) -> Grid {
        guard style == .awkward || style == .extreme else {
            return Grid(pricePrecision: 2, quantityPrecision: 5, tick: 1, step: random.pick([1, 10]))
        }
        // A step must not be worth more base units than a word holds.
        let coarsest = base.decimals > 15 ? base.decimals - 15 : 0
        let finest = max(coarsest, min(base.decimals, quote.decimals))
        var grid = Grid(
            pricePrecision: 0, quantityPrecision: UInt8(random.int(in: Int64(coarsest)...Int64(finest))),
            tick: random.pick([1, 1, 2, 5, 7, 25]), step: random.pick([1, 1, 3, 10]))
        // Where quantities are finer than the quote asset, the tick makes up for it.
        for _ in quote.decimals..<max(quote.decimals, grid.quantityPrecision) { grid.tick *= 10 }
        let spare = quote.decimals > grid.quantityPrecision ? quote.decimals - grid.quantityPrecision : 0
        // At most 10^12 quote units a step and tick, so that products of orders stay within 128 bits.
        let least = spare > 12 ? spare - 12 : 0
        grid.pricePrecision = UInt8(random.int(in: Int64(least)...Int64(spare)))
        if grid.pricePrecision == spare && spare < 18 && random.chance(50) {
            // One decimal more than the quote asset has, made whole by the tick.
            grid.pricePrecision += 1
            grid.tick *= 10
        }
        return grid
    }

    /// A perpetual of what a spot market trades, with rows that its usual orders fill.
    static func perpetual(_ index: Int, of spot: Place, _ random: inout SeededRandom) -> Place {
        var place = spot
        place.id = MarketID(UInt16(index))
        place.definition.id = place.id
        place.definition.kind = .perpetual
        place.definition.symbol += "-PERP"
        place.definition.commissions = CommissionRates.standard(for: .perpetual)
        place.width = place.middle / 300
        place.definition.filters = filters(place, .futures, &random)
        if random.chance(80) { place.definition.filters.maxNotional = nil }
        // Whole USDT, so that every row goes on exactly where the last one ends.
        let usual = max(1, place.value(of: place.usualQuantity) / 100_000_000) * 100_000_000
        let rates: [Int64] = random.pick([[40, 50, 65, 100, 500], [40, 100, 250, 500, 1_000]])
        let rows: [(Int128, UInt8)] = [(1, 125), (4, 100), (10, 50), (40, 20), (400, 5)]
        place.definition.perpetual = PerpetualTerms(
            brackets: zip(rows, rates).map { row, rate in
                PerpetualTerms.Bracket(
                    cap: Units(usual * row.0), maxLeverage: row.1, maintenance: Rate(rate * 10_000))
            })
        return place
    }

    static func commissions(_ style: Workload.Style, _ random: inout SeededRandom) -> [CommissionRates] {
        guard style != .realistic && style != .margin && style != .futures else {
            return CommissionRates.standard(for: .spot)
        }
        return (0..<CommissionRates.tiers).map { _ in
            CommissionRates(
                maker: Rate(random.pick([0, 1, 100_000, 333_333, 50_000_000])),
                taker: Rate(random.pick([0, 1, 150_000, 9_999_999, 99_999_999])))
        }
    }

    static func filters(_ place: Place, _ style: Workload.Style, _ random: inout SeededRandom) -> Filters {
        let highestPrice: Int64
        let highestQuantity: Int64
        switch style {
        case .realistic, .margin, .futures: (highestPrice, highestQuantity) = (1_000_000_000, 100_000_000)
        case .tight: (highestPrice, highestQuantity) = (20, 40)
        case .awkward: (highestPrice, highestQuantity) = (place.middle * 3, 1_000)
        case .extreme: (highestPrice, highestQuantity) = (1 << 44, 1 << 50)
        }
        let smallest = place.value(of: 1)
        return Filters(
            minPrice: Ticks(random.pick([1, 1, 2])), maxPrice: Ticks(highestPrice),
            minQuantity: Steps(random.pick([1, 1, 2])), maxQuantity: Steps(highestQuantity),
            minMarketQuantity: Steps(random.pick([1, 1, 3])),
            maxMarketQuantity: Steps(random.pick([highestQuantity, highestQuantity - 5])),
            minNotional: Units(random.pick([0, 1, smallest, smallest * 2])),
            maxNotional: random.pick([nil, nil, Units(max(smallest * 2, place.value(of: place.usualQuantity)))]),
            percentPrice: random.pick([nil, PercentPrice(), PercentPrice(), tightBounds]),
            maxIcebergParts: random.pick([3, 10, 100]),
            maxOrders: random.pick(style == .margin ? [1, 2, 3, 200] : [3, 10, 200, 200]),
            maxAlgoOrders: random.pick([1, 5, 50, 50]),
            maxPosition: random.chance(15) ? Units(Int128(place.usualQuantity) * 42 * place.baseUnit) : nil)
    }

    private static let tightBounds = PercentPrice(
        bidUp: Rate(110_000_000), bidDown: Rate(50_000_000), askUp: Rate(200_000_000), askDown: Rate(95_000_000))

    static func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { product, _ in product * 10 } }
}
