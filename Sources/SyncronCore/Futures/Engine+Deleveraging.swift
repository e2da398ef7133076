/// Who gives up a position when a bankrupt account's can be taken over by nobody.
extension Engine {
    /// Closes positions of the other direction at the bankruptcy price, those that win most on most leverage first.
    /// Returns what nobody was found for.
    mutating func deleverage(
        _ holding: Holding, _ market: MarketID, _ price: Ticks, _ quantity: Steps, besides account: AccountID
    ) -> Steps {
        var left = quantity
        for ranked in deleveragingQueue(market, isLong: !holding.isLong) where ranked.account != account {
            guard left > .zero else { break }
            let place = futures.place(of: ranked.account)
            let closed = min(left, entry(place, market)[ranked.side].size)
            move(
                ranked.account, market, ranked.side, holding.isLong ? .buy : .sell, closed, price, .zero, nil)
            logDeleveraging(ranked.account, market, ranked.side, price, closed, isBankrupt: false)
            left -= closed
        }
        return left
    }

    mutating func logDeleveraging(
        _ account: AccountID, _ market: MarketID, _ side: PositionSide, _ price: Ticks, _ quantity: Steps,
        isBankrupt: Bool
    ) {
        log.append(
            .positionDeleveraged(
                Deleveraging(
                    account: account, market: market, side: side, price: price, quantity: quantity,
                    isBankrupt: isBankrupt, time: now)))
    }

    /// The holders of one direction in the order in which they are deleveraged.
    private func deleveragingQueue(_ market: MarketID, isLong: Bool) -> [Holder] {
        var queue: [Holder] = []
        forEachHolder(of: market, isLong: isLong) { queue.append($0) }
        return queue.sorted { $0.comes(before: $1) }
    }

    private struct Holder {
        var account: AccountID
        var side: PositionSide
        var rank: Wide

        func comes(before other: Holder) -> Bool {
            rank != other.rank ? rank > other.rank : account.raw < other.account.raw
        }
    }

    /// Every so many accounts.
    private func forEachHolder(
        of market: MarketID, isLong: Bool, every stride: Int = 1, _ body: (Holder) -> Void
    ) {
        for place in Swift.stride(from: 0, to: futures.accounts.count, by: stride) {
            let account = futures.accounts[place]
            guard let index = account.index(of: market) else { continue }
            for side in account.sides {
                let holding = account.entries[index][side]
                guard holding.isOpen, holding.isLong == isLong else { continue }
                body(
                    Holder(
                        account: account.account, side: side,
                        rank: rank(holding, account.entries[index], of: account.account)))
            }
        }
    }

    /// How many accounts one position is compared with at most: a reading must not hold up orders.
    private static let mostCompared = 4_096

    /// Which fifth of the holders of its direction a position is in: 4 for those that are closed first, 0 without
    /// profit. Among very many accounts it is that of a sample.
    func quantile(of account: AccountID, _ entry: FuturesEntry, _ side: PositionSide) -> Int {
        let own = Holder(account: account, side: side, rank: rank(entry[side], entry, of: account))
        guard own.rank > .zero else { return 0 }
        var (count, ahead) = (1, 0)
        let stride = futures.accounts.count / Self.mostCompared + 1
        forEachHolder(of: entry.market, isLong: entry[side].isLong, every: stride) { holder in
            guard holder.account != account || holder.side != side else { return }
            count += 1
            if holder.comes(before: own) { ahead += 1 }
        }
        return (5 * (count - ahead) + count - 1) / count - 1
    }

    /// max(0, profit) / max(1, wallet) × maintenance / (wallet + profit), in parts of 10^18.
    private func rank(_ holding: Holding, _ entry: FuturesEntry, of account: AccountID) -> Wide {
        let notional = notional(holding, at: valuation(entry.market), entry.market)
        let profit = profit(holding, at: notional, entry.market)
        guard profit > .zero else { return .zero }
        let wallet = entry.marginType == .isolated ? holding.isolated : ledger.balance(futuresWallet(account)).free
        let one = Units(.ten(to: Int(assets[futuresWallet(account).asset.index].decimals)))
        let maintenance = brackets(entry.market).maintenance(of: notional)
        let first = Wide(profit, times: 1_000_000_000_000_000_000) / Wide(UInt128(max(one, wallet).raw))
        return Wide(maintenance, times: UInt128(truncatingIfNeeded: first.units.raw))
            / Wide(UInt128((wallet + profit).raw))
    }
}
