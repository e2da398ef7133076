import SyncronCore

/// Who an incoming order would meet, found before anything is done.
extension NaiveExchange {
    /// One resting order that is met, and what happens to it.
    enum Meeting {
        case trade(OrderState, quantity: Int64)
        case expire(OrderState)
    }

    enum SweepEnd {
        /// Nothing more was wanted, or not one more step could be paid for.
        case satisfied
        /// No more orders cross.
        case outOfBook
        /// An own order ended the taker.
        case ownOrder
    }

    struct Sweep {
        var meetings: [Meeting] = []
        var executed: Int64 = 0
        var notional: Int128 = 0
        var end = SweepEnd.outOfBook

        func ended(_ end: SweepEnd) -> Sweep {
            var copy = self
            copy.end = end
            return copy
        }

        /// Whether own orders would be expired on the way.
        var expiresOwn: Bool {
            meetings.contains { if case .expire = $0 { true } else { false } }
        }
    }

    /// What the terms want: a quantity, or as much as an amount of the quote asset pays for.
    enum Want {
        case quantity(Int64)
        case quote(Int128)
    }

    /// Goes from order to order. At each, own or not, the taker first asks how much it still wants at that price: an
    /// amount of the quote asset that does not buy one step there ends the sweep before the order is met.
    func sweep(_ order: PlaceOrder, in book: Book) -> Sweep {
        let (want, bound) = demand(of: order.terms)
        var sweep = Sweep()
        // What is off the grid wants nothing, and is refused by the checks.
        guard isPositive(want) else { return sweep }
        for maker in crossing(order.side, bound, in: book) {
            let wanted = remaining(of: want, after: sweep, at: maker.price.raw, in: book.market)
            if wanted == 0 { return sweep.ended(.satisfied) }
            if maker.account == order.account && order.selfTradePrevention != .none {
                if order.selfTradePrevention != .expireTaker { sweep.meetings.append(.expire(maker)) }
                if order.selfTradePrevention == .expireMaker { continue }
                return sweep.ended(.ownOrder)
            }
            let quantity = min(wanted, maker.quantity.raw - maker.executed.raw)
            sweep.meetings.append(.trade(maker, quantity: quantity))
            sweep.executed += quantity
            let (sum, overflow) = sweep.notional.addingReportingOverflow(
                notional(maker.price.raw, quantity, in: book.market))
            sweep.notional = overflow ? .max : sum
            if quantity < maker.quantity.raw - maker.executed.raw || isMet(want, by: sweep) {
                return sweep.ended(.satisfied)
            }
        }
        return sweep
    }

    /// What is wanted, and the worst price that is accepted.
    private func demand(of terms: OrderTerms) -> (Want, Int64?) {
        switch terms {
        case .limit(let price, let quantity, _): (.quantity(quantity.raw), price.raw)
        case .limitMaker(let price, let quantity): (.quantity(quantity.raw), price.raw)
        case .market(let quantity): (.quantity(quantity.raw), nil)
        case .marketByQuote(let quote): (.quote(quote.raw), nil)
        }
    }

    /// The orders on the other side that a price reaches: best price first, and of one price the oldest first.
    func crossing(_ side: Side, _ bound: Int64?, in book: Book) -> [OrderState] {
        let reached = book.resting.filter { order in
            guard order.side != side else { return false }
            guard let bound else { return true }
            return side == .buy ? order.price.raw <= bound : order.price.raw >= bound
        }
        return switch side {
        case .buy: reached.sorted { ($0.price.raw, $0.id.raw) < ($1.price.raw, $1.id.raw) }
        case .sell: reached.sorted { (-$0.price.raw, $0.id.raw) < (-$1.price.raw, $1.id.raw) }
        }
    }

    private func remaining(of want: Want, after sweep: Sweep, at price: Int64, in market: Market) -> Int64 {
        switch want {
        case .quantity(let quantity): quantity - sweep.executed
        case .quote(let quote):
            Int64(clamping: (quote - sweep.notional) / saturating(Int128(price), times: quoteUnit(of: market)))
        }
    }

    private func isPositive(_ want: Want) -> Bool {
        switch want {
        case .quantity(let quantity): quantity > 0
        case .quote(let quote): quote > 0
        }
    }

    private func isMet(_ want: Want, by sweep: Sweep) -> Bool {
        switch want {
        case .quantity(let quantity): sweep.executed == quantity
        case .quote(let quote): sweep.notional == quote
        }
    }
}
