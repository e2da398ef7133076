/// The prices that perpetuals are valued at, and the rates that keep them near their index.
extension Engine {
    /// What a whole second brings to every perpetual: samples, funding at its instants, the mark, and whoever it moves.
    mutating func markPerpetuals() {
        for market in futures.markets {
            let slot = marketSlots + market.index
            guard let index = margin.index[slot.pointee.definition.base.index].price else { continue }
            if now.milliseconds % PerpetualState.sampleInterval == 0 { sample(slot, index) }
            let isFunding = now.milliseconds % FundingRate.interval == 0
            setMark(
                slot, index,
                timeToFunding: isFunding ? 0 : FundingRate.next(after: now).milliseconds - now.milliseconds)
            if isFunding { beginFunding(slot) }
            log.append(.markPriceChanged(markPrice(slot, index)))
            futures.reach(slot.pointee.perpetual.mark, of: market)
        }
    }

    /// What a perpetual is valued at; nil before its first mark.
    public func markPrice(of market: MarketID) -> MarkPrice? {
        guard let slot = slot(market, for: .futures), slot.pointee.perpetual.mark != .zero else { return nil }
        return markPrice(slot, margin.index[slot.pointee.definition.base.index].price ?? IndexPrice(0))
    }

    private func markPrice(_ slot: UnsafeMutablePointer<MarketSlot>, _ index: IndexPrice) -> MarkPrice {
        MarkPrice(
            market: slot.pointee.definition.id, mark: slot.pointee.perpetual.mark, index: index,
            lastFundingRate: slot.pointee.perpetual.lastFundingRate,
            nextFunding: FundingRate.next(after: now), time: now)
    }

    /// The median of index with the funding that is to come, index with the mean of the last samples of mid - index,
    /// and the last price; rounded half up to a tick. Without samples or a trade that member is the index.
    private mutating func setMark(
        _ slot: UnsafeMutablePointer<MarketSlot>, _ index: IndexPrice, timeToFunding: Int64
    ) {
        let perTick = indexPerTick(of: slot.pointee.definition.id).numerator
        let interval = Int128(FundingRate.interval) * Int128(Rate.scale)
        let count = Int128(max(1, slot.pointee.perpetual.basis.count))
        let scale = interval * count * 2
        let plain = Int128(index.raw)
        let funded =
            (plain * interval + plain * Int128(slot.pointee.perpetual.lastFundingRate.raw) * Int128(timeToFunding))
            * count * 2
        let basis = slot.pointee.perpetual.basis.reduce(Int128(0)) { $0 + Int128($1) }
        let based = plain * scale + basis * interval
        let last = slot.pointee.lastPrice
        let traded = last == .zero ? plain * scale : Int128(last.raw) * perTick * scale
        let median = max(min(funded, based), min(max(funded, based), traded))
        let tick = perTick * scale
        let ticks = (2 * median + tick) / (2 * tick)
        slot.pointee.perpetual.mark = Ticks(Int64(clamping: max(1, ticks)))
    }

    private mutating func sample(_ slot: UnsafeMutablePointer<MarketSlot>, _ index: IndexPrice) {
        let perTick = indexPerTick(of: slot.pointee.definition.id).numerator
        if let bid = slot.pointee.bids.bestPrice, let ask = slot.pointee.asks.bestPrice {
            let doubled = (Int128(bid.raw) + Int128(ask.raw)) * perTick - 2 * Int128(index.raw)
            slot.pointee.perpetual.basis.append(Int64(clamping: doubled))
            if slot.pointee.perpetual.basis.count > PerpetualState.samples {
                slot.pointee.perpetual.basis.removeFirst()
            }
        }
        let brackets = slot.pointee.brackets
        let unit = Int128.ten(to: Int(assets[slot.pointee.definition.quote.index].decimals))
        let impact = Units(200 * Int128(brackets.maxLeverage) * unit)
        let tickStep = rules(slot.pointee.definition.id).pointee.scale.quoteUnitsPerTickStep
        let above = premium(slot.pointee.bids.impact(impact, unit: tickStep, pages), index, perTick, isBid: true)
        let below = premium(slot.pointee.asks.impact(impact, unit: tickStep, pages), index, perTick, isBid: false)
        slot.pointee.perpetual.premiumCount += 1
        slot.pointee.perpetual.premiumSum += (above - below) * Int128(slot.pointee.perpetual.premiumCount)
    }

    /// How far the average price of so much is beyond the index, as a part of it in 10^-16, not below zero.
    private func premium(_ impact: Impact?, _ index: IndexPrice, _ perTick: Int128, isBid: Bool) -> Int128 {
        guard let impact else { return 0 }
        // average = ticks × steps / steps; both sides times steps × index
        let average = Wide(impact.tickSteps) * UInt64(perTick)
        let fair = Wide(impact.steps) * UInt64(index.raw)
        let distance = isBid ? average - fair : fair - average
        let quotient = distance * UInt64(PerpetualState.premiumScale) / fair
        return min(quotient.units.raw, PerpetualState.premiumScale * 1_000)
    }

    /// The rate of the interval that ends: the mean premium, later samples weighing more, brought towards 0.01 %.
    private func fundingRate(_ slot: UnsafeMutablePointer<MarketSlot>) -> Rate {
        let count = Int128(slot.pointee.perpetual.premiumCount)
        let scale = PerpetualState.premiumScale
        let premium = count == 0 ? 0 : slot.pointee.perpetual.premiumSum / (count * (count + 1) / 2)
        let (interest, band) = (scale / 10_000, scale / 2_000)
        let drawn = premium + max(-band, min(band, interest - premium))
        let maintenance = slot.pointee.brackets.rows[0].maintenance
        let cap = Int128(maintenance.raw) * (scale / Int128(Rate.scale)) * 3 / 4
        let rate = max(-cap, min(cap, drawn))
        // Half up, to parts of 10^8.
        let unit = scale / Int128(Rate.scale)
        let doubled = 2 * rate + unit
        let rounded = doubled >= 0 ? doubled / (2 * unit) : -((2 * unit - 1 - doubled) / (2 * unit))
        return Rate(Int64(rounded))
    }

    private mutating func beginFunding(_ slot: UnsafeMutablePointer<MarketSlot>) {
        let rate = fundingRate(slot)
        slot.pointee.perpetual.lastFundingRate = rate
        slot.pointee.perpetual.premiumSum = 0
        slot.pointee.perpetual.premiumCount = 0
        slot.pointee.perpetual.fundings += 1
        slot.pointee.perpetual.fundingMark = slot.pointee.perpetual.mark
        futures.fundingCursor = 1
        log.append(
            .fundingSettled(
                FundingRate(
                    market: slot.pointee.definition.id, rate: rate, mark: slot.pointee.perpetual.mark, time: now)))
    }

    /// Settles the next accounts of a funding under way.
    mutating func continueFunding() {
        guard futures.isFunding else { return }
        let end = min(
            FuturesPlace(futures.accounts.count), futures.fundingCursor + FuturesPlace(limits.fundingStep) - 1)
        for place in futures.fundingCursor..<max(futures.fundingCursor, end + 1) {
            settleFunding(of: futures[place].account)
        }
        futures.fundingCursor = end < FuturesPlace(futures.accounts.count) ? end + 1 : 0
        if futures.fundingCursor == 0 { endFunding() }
    }

    /// A funding that is still under way is finished before the next one begins.
    mutating func finishFunding() {
        while futures.isFunding { continueFunding() }
    }

    /// What rounding left over of a funding is insurance's.
    private mutating func endFunding() {
        guard let asset = margin.settlementAsset else { return }
        let rest = ledger.house(.rounding, asset)
        ledger.post(-rest, to: .rounding, asset)
        insure(rest, asset)
    }

    /// Settles what is still to be settled of the account's positions, as they were at the funding's instant: it comes
    /// before anything that could change them.
    @inline(__always)
    mutating func settleFunding(of account: AccountID) {
        guard futures.isFunding else { return }
        settlePendingFunding(of: account)
    }

    @inline(never)
    private mutating func settlePendingFunding(of account: AccountID) {
        let place = futures.place(of: account)
        guard place != 0 else { return }
        for index in futures[place].entries.indices {
            let entry = futures[place].entries[index]
            let slot = marketSlots + entry.market.index
            guard entry.funding != slot.pointee.perpetual.fundings else { continue }
            let fundings = slot.pointee.perpetual.fundings
            futures.change(place) { $0.entries[index].funding = fundings }
            for side in futures[place].sides where entry[side].isOpen {
                payFunding(entry[side], of: account, entry.market, slot)
            }
            futures.note(place)
        }
    }

    /// What the funding under way will bring the account, below zero when it pays.
    func pendingFunding(of place: FuturesPlace) -> Units {
        guard futures.isFunding else { return .zero }
        var sum = Units.zero
        for entry in futures[place].entries {
            let slot = marketSlots + entry.market.index
            guard entry.funding != slot.pointee.perpetual.fundings else { continue }
            for side in futures[place].sides where entry[side].isOpen {
                sum += funding(of: entry[side], entry.market, slot)
            }
        }
        return sum
    }

    private func funding(
        of holding: Holding, _ market: MarketID, _ slot: UnsafeMutablePointer<MarketSlot>
    ) -> Units {
        let rate = slot.pointee.perpetual.lastFundingRate
        let notional = notional(holding, at: slot.pointee.perpetual.fundingMark, market)
        let size = Rate(abs(rate.raw))
        let isPaying = holding.isLong == (rate > .zero)
        return isPaying ? -size.roundedUp(of: notional) : size.roundedDown(of: notional)
    }

    /// d × quantity × mark × rate, paid rounded up and received rounded down.
    private mutating func payFunding(
        _ holding: Holding, of account: AccountID, _ market: MarketID, _ slot: UnsafeMutablePointer<MarketSlot>
    ) {
        let wallet = futuresWallet(account)
        let amount = funding(of: holding, market, slot)
        guard amount != .zero else { return }
        ledger.post(-amount, to: .rounding, wallet.asset)
        book(amount, wallet, market, .funding, nil)
    }
}

/// The average price of a notional: `ticks` / `steps`, both in the same parts of a step.
struct Impact {
    var tickSteps: UInt128
    var steps: UInt128
}

extension BookSide {
    /// The average price of the best so many units of the quote asset; of all when there is less, nil of nothing.
    /// - Parameter unit: one tick times one step, in units of the quote asset.
    func impact(_ notional: Units, unit: Int64, _ pages: borrowing PagePool) -> Impact? {
        guard !isEmpty else { return nil }
        var (spent, steps) = (UInt128(0), UInt128(0))
        let sought = UInt128(notional.raw)
        var level: UInt32? = best(pages)
        while let here = level {
            let perStep = UInt128(price(of: key(of: here, pages)).raw) * UInt128(unit)
            let offered = UInt128(pages.levels[here].total.raw)
            if spent + perStep * offered >= sought {
                // The last level is used in part: all in parts of 1 / perStep of a step.
                return Impact(
                    tickSteps: sought * (perStep / UInt128(unit)), steps: steps * perStep + (sought - spent))
            }
            spent += perStep * offered
            steps += offered
            level = next(after: here, pages)
        }
        return Impact(tickSteps: spent / UInt128(unit), steps: steps)
    }
}
