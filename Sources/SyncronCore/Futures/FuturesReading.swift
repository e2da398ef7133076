/// A futures wallet as it stands, with its positions at mark.
public struct FuturesReading: Sendable, Hashable {
    public var isHedge: Bool
    /// What is free in the wallet, and what is set aside for isolated positions.
    public var crossWallet: Units
    public var isolatedWallet: Units
    public var crossProfit: Units
    public var isolatedProfit: Units
    public var initialMargin: Units
    public var positionInitialMargin: Units
    public var maintenance: Units
    public var available: Units
    public var withdrawable: Units
    /// Maintenance over margin balance of the crossed positions, in parts of 10^8, rounded up; zero without any.
    public var marginRatio: Units
    /// The open ones, by market and side.
    public var positions: [PositionReading]
}

/// A position with what follows from the mark.
public struct PositionReading: Sendable, Hashable {
    public var position: Position
    /// In hundredths of the quote asset, rounded half up, as the two below.
    public var entryPrice: Int64
    public var breakEvenPrice: Int64
    /// Zero when no price would bring it about.
    public var liquidationPrice: Int64
    public var mark: Ticks
    public var profit: Units
    /// At mark, with the sign of the position.
    public var notional: Units
    public var initialMargin: Units
    public var maintenance: Units
    /// 4 for those that are deleveraged first, 0 without profit.
    public var quantile: Int
}

/// What can be read of futures wallets and perpetuals.
extension Engine {
    public func futuresReading(of account: AccountID) -> FuturesReading {
        let place = futures.place(of: account)
        let totals = futuresTotals(of: account, place)
        return FuturesReading(
            isHedge: place != 0 && futures[place].isHedge, crossWallet: max(.zero, totals.cross),
            isolatedWallet: totals.isolated,
            crossProfit: totals.crossProfit, isolatedProfit: totals.isolatedProfit,
            initialMargin: totals.initial,
            positionInitialMargin: totals.positionInitial,
            maintenance: totals.maintenance, available: totals.available, withdrawable: totals.withdrawable,
            marginRatio: Self.marginRatio(totals.maintenance, totals.balance),
            positions: place == 0 ? [] : positionReadings(place))
    }

    private func positionReadings(_ place: FuturesPlace) -> [PositionReading] {
        futures[place].entries.sorted { $0.market.raw < $1.market.raw }.flatMap { entry in
            futures[place].sides.filter { entry[$0].isOpen }.map { reading(place, entry, $0) }
        }
    }

    /// Leverage and margin type that the account has on a perpetual, also without a position.
    public func futuresSettings(of account: AccountID, _ market: MarketID) -> (leverage: UInt8, type: MarginType)? {
        guard slot(market, for: .futures) != nil else { return nil }
        let entry = entry(futures.place(of: account), market)
        return (entry.leverage, entry.marginType)
    }

    /// The highest notional at that leverage; zero when no row allows it.
    public func maxNotional(_ market: MarketID, leverage: UInt8) -> Units { brackets(market).cap(at: leverage) }

    public func openInterest(of market: MarketID) -> Steps {
        slot(market, for: .futures)?.pointee.perpetual.openInterest ?? .zero
    }

    public func insuranceFund(of asset: AssetID) -> Units {
        asset.index < assets.count ? ledger.house(.insurance, asset) : .zero
    }

    private func reading(_ place: FuturesPlace, _ entry: FuturesEntry, _ side: PositionSide) -> PositionReading {
        let holding = entry[side]
        let price = valuation(entry.market)
        let notional = notional(holding, at: price, entry.market)
        let rules = rules(entry.market)
        let closing = rate(.taker, of: futures[place].account, rules).roundedUp(of: holding.cost)
        let fees = holding.fees + closing
        return PositionReading(
            position: position(place, entry, side),
            entryPrice: hundredths(holding.cost.raw, Int128(holding.size.raw), entry.market),
            breakEvenPrice: hundredths(
                (holding.isLong ? holding.cost + fees : holding.cost - fees).raw, Int128(holding.size.raw),
                entry.market),
            liquidationPrice: liquidationPrice(place, entry, side), mark: price,
            profit: profit(holding, at: notional, entry.market), notional: holding.isLong ? notional : -notional,
            initialMargin: Self.byLeverage(notional, entry.leverage),
            maintenance: brackets(entry.market).maintenance(of: notional),
            quantile: quantile(of: futures[place].account, entry, side))
    }

    /// A price that is `units` of the quote asset for `steps`, in hundredths, rounded half up; at least zero.
    private func hundredths(_ units: Int128, _ steps: Int128, _ market: MarketID) -> Int64 {
        let definition = marketSlots[market.index].definition
        let precision = Int128.ten(to: Int(definition.pricePrecision))
        let divisor = steps * Int128(rules(market).pointee.scale.quoteUnitsPerTickStep) * precision
        let scaled = units * Int128(definition.tickSize) * 100
        let (numerator, denominator) = divisor < 0 ? (-scaled, -divisor) : (scaled, divisor)
        guard numerator > 0 else { return 0 }
        return Int64(clamping: (2 * numerator + denominator) / (2 * denominator))
    }

    /// Where margin balance and maintenance meet: (wallet - maintenance and + profit of the others + cum - d × cost)
    /// / (quantity × (rate - d)), the row being the one in which it lies; in hedge mode with both sides of the market.
    private func liquidationPrice(_ place: FuturesPlace, _ entry: FuturesEntry, _ side: PositionSide) -> Int64 {
        let brackets = brackets(entry.market)
        var holdings = [entry[side]]
        var wallet = entry[side].isolated
        if entry.marginType == .crossed {
            let other: PositionSide? = side == .both ? nil : side == .long ? .short : .long
            if let other, entry[other].isOpen { holdings.append(entry[other]) }
            let totals = totals(of: place)
            wallet = totals.crossBalance - totals.crossMaintenance
            for holding in holdings {
                let notional = notional(holding, at: valuation(entry.market), entry.market)
                wallet = wallet - profit(holding, at: notional, entry.market) + brackets.maintenance(of: notional)
            }
        }
        for first in brackets.rows {
            for second in holdings.count == 2 ? brackets.rows : [first] {
                let rows = holdings.count == 2 ? [first, second] : [first]
                let highest = brackets.rows[brackets.rows.count - 1].cap
                if let price = meeting(wallet, holdings, rows, highest, entry.market) { return price }
            }
        }
        return 0
    }

    /// The price for these rows; nil when the positions are not in them there.
    private func meeting(
        _ wallet: Units, _ holdings: [Holding], _ rows: [Brackets.Row], _ highest: Units, _ market: MarketID
    ) -> Int64? {
        let scale = Int128(Rate.scale)
        var (numerator, steps) = (wallet.raw, Int128(0))
        for (holding, row) in zip(holdings, rows) {
            numerator += row.cum.raw - holding.signedCost.raw
            let direction = holding.isLong ? scale : -scale
            steps += Int128(holding.size.raw) * (Int128(row.maintenance.raw) - direction)
        }
        guard steps != 0, (numerator > 0) == (steps > 0), numerator != 0 else { return nil }
        // price = numerator × scale / steps for one step
        for (holding, row) in zip(holdings, rows) {
            let notional =
                Wide(Units(abs(numerator)), times: UInt128(holding.size.raw)) * UInt64(Rate.scale)
                / Wide(UInt128(abs(steps)))
            // Beyond the last row the last row counts for one position alone; of two, its rate would eat up what the
            // one wins by the other's loss at some absurd price.
            let isOpen = row.cap == highest && holdings.count == 1
            guard notional.units >= row.floor, isOpen || notional.units <= row.cap else { return nil }
        }
        return hundredths(abs(numerator) * scale, abs(steps), market)
    }
}
