import SyncronCore

/// From ticks and steps to money, computed from the definitions each time.
extension NaiveExchange {
    /// Quote units that one step costs at a price of one tick.
    func quoteUnit(of market: Market) -> Int128 {
        let product = Int128(market.tickSize) * Int128(market.stepSize)
        let exponent = decimals(of: market.quote) - Int(market.pricePrecision) - Int(market.quantityPrecision)
        return exponent >= 0 ? product * power(exponent) : product / power(-exponent)
    }

    /// Base units in one step.
    func baseUnit(of market: Market) -> Int128 {
        Int128(market.stepSize) * power(decimals(of: market.base) - Int(market.quantityPrecision))
    }

    /// price × quantity in quote units; the largest number there is where it does not fit.
    func notional(_ price: Int64, _ quantity: Int64, in market: Market) -> Int128 {
        saturating(Int128(price) * Int128(quantity), times: quoteUnit(of: market))
    }

    func base(_ quantity: Int64, in market: Market) -> Int128 {
        saturating(Int128(quantity), times: baseUnit(of: market))
    }

    /// What pays for all that is left of an order. A purchase at market that waits is counted at its stop price.
    func need(of order: OrderState, in market: Market) -> Int128 {
        let remaining = order.quantity.raw - order.executed.raw
        guard order.side == .buy else { return base(remaining, in: market) }
        return notional((order.type.hasPrice ? order.price : order.stopPrice).raw, remaining, in: market)
    }

    /// What an order sets aside while it is open, and in which balance.
    func hold(of order: OrderState, in market: Market) -> (holding: Holding, amount: Int128) {
        let amount: Int128
        if order.wallet == .futures {
            // Such orders take up margin and hold nothing.
            amount = 0
        } else if order.status == .pendingTrigger {
            amount = surplus[order.id] ?? need(of: order, in: market)
        } else {
            amount = order.type.hasPrice ? need(of: order, in: market) : 0
        }
        return (paid(by: order, in: market), amount)
    }

    /// The balance that an order pays from.
    func paid(by order: OrderState, in market: Market) -> Holding {
        let isInQuote = order.side == .buy || order.wallet == .futures
        return Holding(
            account: order.account, wallet: order.wallet, asset: isInQuote ? market.quote : market.base)
    }

    /// The balance that an order's proceeds go to.
    func received(by order: OrderState, in market: Market) -> Holding {
        Holding(
            account: order.account, wallet: order.wallet, asset: order.side == .buy ? market.base : market.quote)
    }

    /// `rate` of `amount`, rounded up to a whole unit and never more than the amount.
    func commission(_ rate: Rate, of amount: Int128) -> Int128 {
        // Part by part, since the product of the whole may not fit: amounts go up to 2^110.
        let (parts, rest) = amount.quotientAndRemainder(dividingBy: 100_000_000)
        let product = rest * Int128(rate.raw)
        let whole = parts * Int128(rate.raw) + product / 100_000_000
        let rounded = product % 100_000_000 == 0 ? whole : whole + 1
        return min(rounded, amount)
    }

    func saturating(_ a: Int128, times b: Int128) -> Int128 {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? .max : product
    }

    private func power(_ exponent: Int) -> Int128 {
        (0..<max(0, exponent)).reduce(1) { product, _ in product * 10 }
    }
}
