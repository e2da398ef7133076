/// Futures as bytes, and back. Who watches for which mark is computed from the rest.
extension Engine {
    func encodeFutures(into writer: inout ByteWriter) {
        for market in futures.markets { encodePerpetual(marketSlots + market.index, into: &writer) }
        writer.append(futures.fundingCursor)
        writer.append(UInt32(futures.accounts.count))
        for account in futures.accounts {
            writer.append(account.account.raw)
            writer.encode(account.isHedge)
            writer.encode(account.isCalled)
            writer.encode(account.isDue)
            writer.append(UInt16(account.entries.count))
            for entry in account.entries {
                writer.append(entry.market.raw)
                writer.append(entry.leverage)
                // Who was called stands in the upper half of the byte.
                writer.append(entry.marginType.rawValue | entry.called << 4)
                writer.append(entry.funding)
                for index in 0..<2 { encode(entry.holdings[index], into: &writer) }
            }
        }
    }

    private func encodePerpetual(_ market: UnsafeMutablePointer<MarketSlot>, into writer: inout ByteWriter) {
        writer.append(market.pointee.perpetual.mark.raw)
        writer.append(UInt16(market.pointee.perpetual.basis.count))
        for sample in market.pointee.perpetual.basis { writer.append(sample) }
        writer.append(market.pointee.perpetual.premiumSum)
        writer.append(market.pointee.perpetual.premiumCount)
        writer.append(market.pointee.perpetual.lastFundingRate.raw)
        writer.append(market.pointee.perpetual.fundings)
        writer.append(market.pointee.perpetual.fundingMark.raw)
        encode(market.pointee.perpetual.fund, into: &writer)
    }

    private func encode(_ holding: Holding, into writer: inout ByteWriter) {
        writer.append(holding.quantity.raw)
        writer.append(holding.cost.raw)
        writer.append(holding.isolated.raw)
        writer.append(holding.fees.raw)
        writer.append(holding.updatedAt.milliseconds)
    }

    private func readHolding(_ reader: inout ByteReader) throws(CodingFailure) -> Holding {
        let holding = Holding(
            quantity: Steps(try reader.read()), cost: Units(try reader.read()), isolated: Units(try reader.read()),
            fees: Units(try reader.read()), updatedAt: Timestamp(milliseconds: try reader.read()))
        guard holding.cost >= .zero, holding.isolated >= .zero, holding.isOpen == (holding.cost > .zero)
        else { throw CodingFailure("a position that does not add up") }
        return holding
    }

    mutating func readFutures(from reader: inout ByteReader) throws(CodingFailure) {
        for market in futures.markets { try readPerpetual(marketSlots + market.index, &reader) }
        futures.fundingCursor = try reader.read()
        let count = try reader.read(UInt32.self)
        for _ in 0..<count {
            let id = AccountID(try reader.read())
            guard register.account(id) != nil, futures.place(of: id) == 0
            else { throw CodingFailure("positions of nobody") }
            var account = FuturesAccount(account: id)
            account.isHedge = try reader.decode()
            account.isCalled = try reader.decode()
            let isDue: Bool = try reader.decode()
            for _ in 0..<(try reader.read(UInt16.self)) {
                let market = MarketID(try reader.read())
                guard slot(market, for: .futures) != nil else { throw CodingFailure("a position on no perpetual") }
                var entry = FuturesEntry(market: market, leverage: try reader.read(), funding: 0)
                let word = try reader.read(UInt8.self)
                // One bit for each side.
                guard let marginType = MarginType(rawValue: word & 15), word >> 4 < 4 else {
                    throw CodingFailure("\(word) for a margin")
                }
                entry.marginType = marginType
                entry.called = word >> 4
                entry.funding = try reader.read()
                entry.holdings[0] = try readHolding(&reader)
                entry.holdings[1] = try readHolding(&reader)
                account.entries.append(entry)
            }
            let place = futures.append(account)
            if isDue { futures.note(place) }
            for entry in account.entries {
                for side in account.sides {
                    noteSize(id, entry.market, side, Holding(), entry[side])
                }
            }
        }
        for place in 1..<FuturesPlace(futures.accounts.count + 1) { watchFutures(place) }
    }

    private mutating func readPerpetual(
        _ market: UnsafeMutablePointer<MarketSlot>, _ reader: inout ByteReader
    ) throws(CodingFailure) {
        market.pointee.perpetual.mark = Ticks(try reader.read())
        for _ in 0..<(try reader.read(UInt16.self)) {
            market.pointee.perpetual.basis.append(try reader.read())
        }
        market.pointee.perpetual.premiumSum = try reader.read()
        market.pointee.perpetual.premiumCount = try reader.read()
        market.pointee.perpetual.lastFundingRate = Rate(try reader.read())
        market.pointee.perpetual.fundings = try reader.read()
        market.pointee.perpetual.fundingMark = Ticks(try reader.read())
        market.pointee.perpetual.fund = try readHolding(&reader)
        market.pointee.perpetual.openInterest = max(.zero, market.pointee.perpetual.fund.quantity)
    }
}
