import SyncronCore

/// Quotients as they are printed: exact integers, rounded once.
public enum Rounding {
    /// The change from `first` to `last` in hundredths of a percent, half away from zero: 115 stands for 1.15 %.
    /// Zero when `first` is not a price.
    public static func percentChange(from first: Ticks, to last: Ticks) -> Int128 {
        guard first.raw > 0 else { return 0 }
        let change = Int128(last.raw) - Int128(first.raw)
        let size = divideHalfUp(change.magnitude, times: 10_000, by: UInt128(first.raw))
        return change < 0 ? -Int128(clamping: size) : Int128(clamping: size)
    }

    /// `notional` / `volume` as a price in units of 10^-pricePrecision of its market, half up.
    /// Zero when there is no volume.
    ///
    /// - Parameters:
    ///   - notional: The sum of price × quantity, in units of the quote asset.
    ///   - volume: The sum of the quantities, in steps.
    ///   - unitsPerTickStep: Units of the quote asset that one tick × one step comes to.
    ///   - tickSize: The market's tick in units of 10^-pricePrecision.
    public static func averagePrice(
        notional: Units, volume: Volume, unitsPerTickStep: Int64, tickSize: Int64
    ) -> Int128 {
        guard notional.raw > 0, volume.raw > 0, unitsPerTickStep > 0, tickSize > 0 else { return 0 }
        // Exact: every notional is a whole number of tick-steps.
        let tickSteps = notional.raw.magnitude / UInt128(unitsPerTickStep)
        return Int128(clamping: divideHalfUp(tickSteps, times: UInt64(tickSize), by: volume.raw.magnitude))
    }

    /// `amount` × `factor` / `divisor`, half up, with nothing lost in between. The largest value when it does not fit.
    /// `divisor` is above zero.
    static func divideHalfUp(_ amount: UInt128, times factor: UInt64, by divisor: UInt128) -> UInt128 {
        let product = amount.multipliedFullWidth(by: UInt128(factor))
        guard product.high < divisor else { return .max }
        let (quotient, remainder) =
            product.high == 0
            ? product.low.quotientAndRemainder(dividingBy: divisor) : divisor.dividingFullWidth(product)
        let roundsUp = remainder >= divisor - remainder
        return roundsUp && quotient < .max ? quotient + 1 : quotient
    }
}
