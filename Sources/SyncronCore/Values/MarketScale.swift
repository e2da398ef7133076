/// How a market's ticks and steps translate into units of its two assets.
public struct MarketScale: Sendable, Hashable, BitwiseCopyable {
    /// One step, in units of the base asset. Above zero.
    public let baseUnitsPerStep: Int64
    /// One tick times one step, in units of the quote asset. Above zero.
    public let quoteUnitsPerTickStep: Int64

    /// Refuses `stepSize` when a step is no whole number of base units, and `tickSize` when a tick times a step is
    /// no whole number of quote units, so that price × quantity is always exact.
    public init(_ market: Market, base: Asset, quote: Asset) throws(Rejection) {
        guard market.stepSize > 0 else { throw .invalid(.stepSize) }
        guard market.tickSize > 0 else { throw .invalid(.tickSize) }
        guard
            let step = Self.scaled(market.stepSize, from: Int(market.quantityPrecision), to: Int(base.decimals))
        else { throw .invalid(.stepSize) }
        let (product, overflow) = market.tickSize.multipliedReportingOverflow(by: market.stepSize)
        guard !overflow,
            let tickStep = Self.scaled(
                product, from: Int(market.pricePrecision) + Int(market.quantityPrecision), to: Int(quote.decimals))
        else { throw .invalid(.tickSize) }
        baseUnitsPerStep = step
        quoteUnitsPerTickStep = tickStep
    }

    /// `value` × 10^-from as a count of 10^-to, if it is a whole number that fits.
    private static func scaled(_ value: Int64, from: Int, to: Int) -> Int64? {
        var result = value
        for _ in 0..<max(0, to - from) {
            let (next, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = next
        }
        for _ in 0..<max(0, from - to) {
            guard result % 10 == 0 else { return nil }
            result /= 10
        }
        return result
    }

    /// `quantity` in units of the base asset; nil when it is more than can exist.
    public func base(_ quantity: Steps) -> Units? {
        let (high, low) = quantity.raw.multipliedFullWidth(by: baseUnitsPerStep)
        let units = Units(Int128(high) << 64 | Int128(low))
        return units <= Limits.assetSupply ? units : nil
    }

    /// `price` × `quantity` in units of the quote asset; nil when it is more than can exist.
    public func notional(_ price: Ticks, _ quantity: Steps) -> Units? {
        let (high, low) = UInt64(price.raw).multipliedFullWidth(by: UInt64(quantity.raw))
        if high == 0 {
            let (top, bottom) = low.multipliedFullWidth(by: UInt64(quoteUnitsPerTickStep))
            if top < 1 << 46 { return Units(Int128(top) << 64 | Int128(bottom)) }
            return nil
        }
        let (product, overflow) = (Int128(high) << 64 | Int128(low))
            .multipliedReportingOverflow(by: Int128(quoteUnitsPerTickStep))
        return overflow || product > Limits.assetSupply.raw ? nil : Units(product)
    }

    /// As `base(_:)`, of a quantity whose units are known to exist.
    @inline(__always)
    func existingBase(_ quantity: Steps) -> Units {
        let (high, low) = UInt64(bitPattern: quantity.raw).multipliedFullWidth(by: UInt64(bitPattern: baseUnitsPerStep))
        return Units(Int128(truncatingIfNeeded: UInt128(high) << 64 | UInt128(low)))
    }

    /// As `notional(_:_:)`, of an amount that is known to exist.
    @inline(__always)
    func existingNotional(_ price: Ticks, _ quantity: Steps) -> Units {
        let (high, low) = UInt64(bitPattern: price.raw).multipliedFullWidth(by: UInt64(bitPattern: quantity.raw))
        let factor = UInt128(UInt64(bitPattern: quoteUnitsPerTickStep))
        return Units(Int128(truncatingIfNeeded: (UInt128(high) << 64 | UInt128(low)) &* factor))
    }
}
