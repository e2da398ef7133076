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

    /// The most steps whose base units can exist.
    var mostQuantity: Steps { Steps(Int64(clamping: Limits.assetSupply.raw / Int128(baseUnitsPerStep))) }

    /// `quantity` in units of the base asset; nil when it is more than can exist.
    public func base(_ quantity: Steps) -> Units? { quantity <= mostQuantity ? existingBase(quantity) : nil }

    /// `price` × `quantity` in units of the quote asset; nil when it is more than can exist. Neither is negative.
    public func notional(_ price: Ticks, _ quantity: Steps) -> Units? {
        let notional = uncheckedNotional(price, quantity)
        return notional <= Limits.assetSupply ? notional : nil
    }

    /// As `notional(_:_:)`, but more than `Limits.assetSupply` when it cannot exist.
    @inline(__always)
    func uncheckedNotional(_ price: Ticks, _ quantity: Steps) -> Units {
        let (high, low) = UInt64(bitPattern: price.raw).multipliedFullWidth(by: UInt64(bitPattern: quantity.raw))
        let (top, bottom) = low.multipliedFullWidth(by: UInt64(bitPattern: quoteUnitsPerTickStep))
        guard high == 0, top < 1 << 46 else { return vastNotional(high, low) }
        return Units(Int128(truncatingIfNeeded: UInt128(top) << 64 | UInt128(bottom)))
    }

    @inline(never)
    private func vastNotional(_ high: UInt64, _ low: UInt64) -> Units {
        let (product, overflow) = (Int128(high) << 64 | Int128(low))
            .multipliedReportingOverflow(by: Int128(quoteUnitsPerTickStep))
        return overflow ? Units(.max) : Units(product)
    }

    /// What so many steps are in units of the base asset. They must be able to exist.
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
