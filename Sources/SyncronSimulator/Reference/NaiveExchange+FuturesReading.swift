import SyncronCore

/// A futures wallet as it can be compared.
public struct FuturesPicture: Sendable, Hashable {
    var isHedge: Bool
    /// Wallets, profits, margins, what is available, and the ratio.
    var totals: [Int128]
    var positions: [Position]
    /// Of each position prices, profit, notional, margins and quantile.
    var figures: [[Int128]]
}

extension FuturesPicture {
    init(_ reading: FuturesReading) {
        isHedge = reading.isHedge
        totals = [
            reading.crossWallet, reading.isolatedWallet, reading.crossProfit, reading.isolatedProfit,
            reading.initialMargin, reading.positionInitialMargin, reading.maintenance, reading.available,
            reading.withdrawable, reading.marginRatio,
        ].map(\.raw)
        positions = reading.positions.map(\.position)
        figures = reading.positions.map { it in
            [Int128(it.entryPrice), Int128(it.breakEvenPrice), Int128(it.liquidationPrice), Int128(it.mark.raw)]
                + [it.profit.raw, it.notional.raw, it.initialMargin.raw, it.maintenance.raw, Int128(it.quantile)]
        }
    }
}

extension NaiveExchange {
    public func futuresPicture(of account: AccountID) -> FuturesPicture {
        let it = totals(account)
        var picture = FuturesPicture(
            isHedge: futuresWallets[account]?.isHedge == true,
            totals: [
                it.cross, it.isolated, it.crossProfit, it.isolatedProfit,
                it.crossInitial + it.isolatedInitial + it.isolatedOrders, it.positionInitial,
                it.crossMaintenance + it.isolatedMaintenance, it.available, it.withdrawable,
                ratio(it.crossMaintenance + it.isolatedMaintenance, it.balance),
            ],
            positions: [], figures: [])
        for entry in (futuresWallets[account]?.entries ?? []).sorted(by: { $0.market.raw < $1.market.raw }) {
            for side in sides(of: account) where entry.stakes[side]?.size ?? 0 > 0 {
                picture.positions.append(position(account, entry.market, side))
                picture.figures.append(figures(account, entry, side))
            }
        }
        return picture
    }

    private func figures(_ account: AccountID, _ entry: FuturesEntry, _ side: PositionSide) -> [Int128] {
        let stake = stake(account, entry.market, side)
        let market = market(entry.market)
        let value = notional(stake, entry.market)
        let rate = market.commissions[Int(accounts[Int(account.raw) - 1].commissionTier)].taker
        let fees = stake.fees + share(stake.cost, Int128(rate.raw), of: 100_000_000, up: true)
        let size = Int128(stake.size)
        return [
            hundredths(Whole(stake.cost), Whole(size), market),
            hundredths(Whole(stake.isLong ? stake.cost + fees : stake.cost - fees), Whole(size), market),
            liquidationPrice(account, entry, side), Int128(valuation(entry.market)), profit(stake, entry.market),
            stake.isLong ? value : -value, byLeverage(value, entry.leverage),
            maintenance(of: value, entry.market), Int128(quantile(account, entry.market, side)),
        ]
    }

    private func quantile(_ account: AccountID, _ market: MarketID, _ side: PositionSide) -> Int {
        let queue = queue(market, isLong: stake(account, market, side).isLong)
        guard let index = queue.firstIndex(where: { $0.account == account && $0.side == side }),
            queue[index].rank > 0
        else { return 0 }
        return (5 * (queue.count - index) + queue.count - 1) / queue.count - 1
    }

    /// Units for steps as a price in hundredths of the quote asset, rounded half up.
    private func hundredths(_ units: Whole, _ steps: Whole, _ market: Market) -> Int128 {
        guard units > 0 else { return 0 }
        let scaled = units * 100 * Whole.power(Int(market.quantityPrecision))
        let divisor = steps * Whole(Int128(market.stepSize)) * Whole.power(decimals(of: market.quote))
        return (scaled * 2 + divisor).divided(by: divisor * 2).clamped
    }

    /// (wallet - maintenance of the others + profit of the others + cum - d × cost) / (quantity × (rate - d)), in the
    /// rows in which the positions are there; both sides of the market together when they share the wallet.
    private func liquidationPrice(_ account: AccountID, _ entry: FuturesEntry, _ side: PositionSide) -> Int128 {
        var stakes = [stake(account, entry.market, side)]
        var wallet = stakes[0].isolated
        if entry.type == .crossed {
            let others = sides(of: account).filter { $0 != side }.map { stake(account, entry.market, $0) }
            stakes += others.filter { $0.size > 0 }
            let totals = totals(account)
            wallet = totals.crossBalance - totals.crossMaintenance
            for stake in stakes {
                let value = notional(stake, entry.market)
                wallet += maintenance(of: value, entry.market) - profit(stake, entry.market)
            }
        }
        let rows = rows(of: entry.market)
        for first in rows {
            for second in stakes.count == 2 ? rows : [first] {
                let price = meeting(wallet, stakes, [first, second], market(entry.market))
                if let price { return price }
            }
        }
        return 0
    }

    private func meeting(_ wallet: Int128, _ stakes: [Stake], _ rows: [Row], _ market: Market) -> Int128? {
        var (units, steps) = (wallet, Int128(0))
        for (stake, row) in zip(stakes, rows) {
            units += row.cum - stake.signedCost
            steps += Int128(stake.size) * (row.rate - (stake.isLong ? 100_000_000 : -100_000_000))
        }
        guard steps != 0, units != 0, (units > 0) == (steps > 0) else { return nil }
        let numerator = Whole(abs(units)) * 100_000_000
        for (stake, row) in zip(stakes, rows) {
            let value = numerator * Whole(Int128(stake.size))
            let isLast = row.cap == self.rows(of: market.id).last?.cap
            let isOpen = isLast && stakes.count == 1
            guard value >= Whole(row.floor) * Whole(abs(steps)), isOpen || value <= Whole(row.cap) * Whole(abs(steps))
            else { return nil }
        }
        return hundredths(numerator, Whole(abs(steps)), market)
    }
}
