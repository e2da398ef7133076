import SyncronCore

/// Marks and funding.
extension NaiveExchange {
    struct Perpetual {
        /// In ticks; zero before the first.
        var mark: Int64 = 0
        /// The last funding rate, in parts of 10^8.
        var rate: Int128 = 0
        /// bid + ask - 2 × index, in parts of 10^8, at most thirty.
        var basis: [Int128] = []
        /// Since the last funding, in parts of 10^16.
        var premiums: [Int128] = []
        /// What the house took over.
        var fund = Stake()
    }

    /// A funding that not everybody has paid yet.
    struct Funding {
        struct Terms {
            var rate: Int128
            var mark: Int64
        }

        var terms: [MarketID: Terms] = [:]
        var unsettled: [AccountID] = []
        /// How many of the futures accounts have had their turn.
        var turn = 0
        /// Paid and not received.
        var pot: Int128 = 0
    }

    private static let interval: Int64 = 28_800_000

    var perpetualMarkets: [MarketID] { books.map(\.market).filter { $0.kind == .perpetual }.map(\.id) }

    /// What a whole second brings to perpetuals.
    mutating func passFuturesSecond() {
        let isFunding = now.milliseconds % Self.interval == 0
        if isFunding { finishFunding() }
        for id in perpetualMarkets {
            guard let index = indexPrices[market(id).base] else { continue }
            if now.milliseconds % 5_000 == 0 { sampleBook(id, Int128(index)) }
            setMark(id, Int128(index))
            if isFunding { beginFunding(id) }
            if let mark = markPrice(of: id) { events.append(.markPriceChanged(mark)) }
        }
        settleSomeFunding()
        for id in perpetualMarkets where market(id).status == .trading {
            fireFutures(.contractPrice, in: Int(id.raw))
            fireFutures(.markPrice, in: Int(id.raw))
        }
        checkFutures()
        offerFund()
        checkFutures()
    }

    /// A tick in parts of 10^8.
    private func tick(_ market: Market) -> Int128 {
        Whole.power(8 - Int(market.pricePrecision)).clamped * Int128(market.tickSize)
    }

    private func best(_ side: Side, _ market: MarketID) -> Int64? {
        let prices = books[Int(market.raw)].resting.filter { $0.side == side }.map(\.price.raw)
        return side == .buy ? prices.max() : prices.min()
    }

    // MARK: - Marks

    private mutating func sampleBook(_ id: MarketID, _ index: Int128) {
        let tick = tick(market(id))
        var perpetual = perpetuals[id] ?? Perpetual()
        if let bid = best(.buy, id), let ask = best(.sell, id) {
            perpetual.basis = (perpetual.basis + [(Int128(bid) + Int128(ask)) * tick - 2 * index]).suffix(30)
        }
        perpetual.premiums.append(premium(.buy, id, index) - premium(.sell, id, index))
        perpetuals[id] = perpetual
    }

    /// How far the average price of a large order is on the better side of the index, as a part of it.
    private func premium(_ side: Side, _ id: MarketID, _ index: Int128) -> Int128 {
        let market = market(id)
        let wanted =
            Int128(200) * Int128(rows(of: id).first?.maxLeverage ?? 1) * Whole.power(decimals(of: market.quote)).clamped
        // Σ quantity as a fraction: steps whole, and of the last order what the rest of the amount pays for.
        var (amount, steps) = (Int128(0), Int128(0))
        var (last, divisor) = (Int128(0), Int128(1))
        for order in crossing(side.opposite, nil, in: books[Int(id.raw)]) {
            let quantity = order.quantity.raw - order.executed.raw
            let value = notional(order.price.raw, quantity, in: market)
            if amount + value >= wanted {
                (last, divisor) = (wanted - amount, Int128(order.price.raw) * quoteUnit(of: market))
                amount = wanted
                break
            }
            amount += value
            steps += Int128(quantity)
        }
        guard amount > 0 else { return 0 }
        // Of amount / (steps + last / divisor) in quote units a step, and the index in the same.
        let numerator = Whole(amount) * Whole(divisor) * Whole(tick(market))
        let quantity = (Whole(steps) * Whole(divisor) + Whole(last)) * Whole(quoteUnit(of: market))
        let fair = Whole(index) * quantity
        let distance = side == .buy ? numerator - fair : fair - numerator
        guard distance > 0 else { return 0 }
        return (distance * Whole.power(16)).divided(by: fair).clamped
    }

    /// The median of index with the funding to come, index with the mean of the samples, and last price.
    private mutating func setMark(_ id: MarketID, _ index: Int128) {
        var perpetual = perpetuals[id] ?? Perpetual()
        let tick = tick(market(id))
        let toFunding = (Self.interval - now.milliseconds % Self.interval) % Self.interval
        let count = Int128(max(1, perpetual.basis.count))
        // All in parts of 2 × count × interval × 10^8.
        let whole = Whole(2 * count) * Whole(Int128(Self.interval)) * 100_000_000
        let byFunding =
            Whole(index) * Whole(2 * count)
            * Whole(Int128(Self.interval) * 100_000_000 + perpetual.rate * Int128(toFunding))
        let byBasis =
            Whole(index) * whole
            + Whole(perpetual.basis.reduce(0, +)) * Whole(Int128(Self.interval)) * 100_000_000
        let byTrade = books[Int(id.raw)].trades.last.map { Whole(Int128($0.price) * tick) * whole }
        let median = [byFunding, byBasis, byTrade ?? Whole(index) * whole].sorted()[1]
        let rounded = (median * 2 + whole * Whole(tick)).divided(by: whole * Whole(tick) * 2)
        perpetual.mark = Int64(clamping: rounded.clamped)
        perpetuals[id] = perpetual
    }

    public func markPrice(of id: MarketID) -> MarkPrice? {
        guard Int(id.raw) < books.count, let perpetual = perpetuals[id], perpetual.mark != 0 else { return nil }
        let index = indexPrices[market(id).base] ?? 0
        return MarkPrice(
            market: id, mark: Ticks(perpetual.mark), index: IndexPrice(index),
            lastFundingRate: Rate(Int64(perpetual.rate)),
            nextFunding: Timestamp(milliseconds: (now.milliseconds / Self.interval + 1) * Self.interval), time: now)
    }

    public func openInterest(of id: MarketID) -> Steps {
        let stakes = futuresWallets.values.flatMap(\.entries).filter { $0.market == id }.flatMap(\.stakes.values)
        let all = stakes + [perpetuals[id]?.fund ?? Stake()]
        return Steps(all.reduce(0) { $0 + max(0, $1.quantity) })
    }

    // MARK: - Funding

    /// The premium, later samples weighing more, brought towards 0.01 % and kept within 0.75 × the first maintenance.
    private mutating func beginFunding(_ id: MarketID) {
        guard var perpetual = perpetuals[id] else { return }
        let weights = Int128(perpetual.premiums.count * (perpetual.premiums.count + 1) / 2)
        let sum = perpetual.premiums.enumerated().reduce(Int128(0)) { $0 + Int128($1.offset + 1) * $1.element }
        // In parts of 10^16 × weights.
        let scale = max(1, weights)
        let interest = scale * 1_000_000_000_000
        let band = scale * 5_000_000_000_000
        let most = scale * 75_000_000 * (rows(of: id).first?.rate ?? 0)
        let drawn = sum + max(-band, min(band, interest - sum))
        let capped = max(-most, min(most, drawn))
        perpetual.rate = floor(capped * 2 + scale * 100_000_000, by: scale * 200_000_000)
        perpetual.premiums = []
        perpetuals[id] = perpetual
        var funding = pendingFunding ?? Funding()
        funding.terms[id] = Funding.Terms(rate: perpetual.rate, mark: perpetual.mark)
        (funding.unsettled, funding.turn) = (futuresAccounts, 0)
        pendingFunding = funding
        events.append(
            .fundingSettled(
                FundingRate(market: id, rate: Rate(Int64(perpetual.rate)), mark: Ticks(perpetual.mark), time: now)))
    }

    private func floor(_ a: Int128, by b: Int128) -> Int128 { a >= 0 ? a / b : -((-a + b - 1) / b) }

    /// One funding ends before the next begins.
    private mutating func finishFunding() {
        while pendingFunding != nil { settleSomeFunding() }
    }

    /// The next of those who have a futures account pay or receive; what is left over after the last is the insurance's.
    mutating func settleSomeFunding() {
        guard let turn = pendingFunding?.turn else { return }
        let end = min(futuresAccounts.count, turn + limits.fundingStep)
        for account in futuresAccounts[min(turn, end)..<end] { settleFunding(of: account) }
        pendingFunding?.turn = end
        guard end == futuresAccounts.count, let pot = pendingFunding?.pot else { return }
        pendingFunding = nil
        if pot >= 0 { insurance[futures(AccountID(0)).asset, default: 0] += pot } else { payFromHouse(-pot) }
    }

    mutating func settleFunding(of account: AccountID) {
        let payments = payments(of: account)
        pendingFunding?.unsettled.removeAll { $0 == account }
        for payment in payments {
            pendingFunding?.pot -= payment.amount
            book(.funding, payment.amount, account, payment.market, nil)
        }
    }

    /// What the funding under way still brings or takes.
    func dueFunding(_ account: AccountID) -> Int128 { payments(of: account).reduce(0) { $0 + $1.amount } }

    private func payments(of account: AccountID) -> [(market: MarketID, amount: Int128)] {
        guard let funding = pendingFunding, funding.unsettled.contains(account) else { return [] }
        var payments: [(MarketID, Int128)] = []
        for entry in futuresWallets[account]?.entries ?? [] {
            guard let terms = funding.terms[entry.market] else { continue }
            for side in sides(of: account) {
                let stake = entry.stakes[side] ?? Stake()
                let pays = stake.isLong == (terms.rate > 0)
                let value = notional(terms.mark, stake.size, in: market(entry.market))
                let amount = share(value, abs(terms.rate), of: 100_000_000, up: pays)
                payments.append((entry.market, pays ? -amount : amount))
            }
        }
        return payments
    }
}
