import SyncronCore

/// Who an incoming order would meet, found before anything is done.
extension NaiveExchange {
    /// One resting order that is met, and what happens to it. An iceberg is met once for each slice of it.
    enum Meeting {
        case trade(OrderID, quantity: Int64)
        case expire(OrderID)

        var maker: OrderID {
            switch self {
            case .trade(let maker, _), .expire(let maker): maker
            }
        }
    }

    enum SweepEnd {
        /// Nothing more was wanted, or not one more step could be paid for with the amount given.
        case satisfied
        /// More was wanted than the account can pay for.
        case outOfFunds
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

    enum Want {
        case quantity(Int64)
        /// As much as an amount of the quote asset pays for.
        case quote(Int128)
        /// A quantity, as far as an amount of the quote asset pays for it.
        case affordable(Int64, funds: Int128)
    }

    /// What an order wants of the other side of the book.
    struct Demand {
        var account: AccountID
        var side: Side
        var selfTradePrevention: SelfTradePrevention
        var want: Want
        /// The worst price that is accepted; nil for any.
        var bound: Int64?
    }

    /// An order that is reached, and what is left of it on the way.
    private struct Reached {
        var order: OrderState
        var shown: Int64
        var left: Int64
    }

    /// Goes from order to order. At each, own or not, the taker first asks how much it still wants at that price: an
    /// amount of the quote asset that does not buy one step there ends the sweep before the order is met.
    func sweep(_ demand: Demand, in book: Book) -> Sweep {
        var sweep = Sweep()
        // What is off the grid wants nothing, and is refused by the checks.
        guard isPositive(demand.want) else { return sweep }
        var queue = crossing(demand.side, demand.bound, in: book).map { order in
            Reached(order: order, shown: shown(of: order), left: order.quantity.raw - order.executed.raw)
        }
        while !queue.isEmpty {
            var maker = queue.removeFirst()
            let wanted = remaining(of: demand.want, after: sweep, at: maker.order.price.raw, in: book.market)
            if wanted == 0 { return sweep.ended(endWhenShort(demand.want)) }
            if maker.order.account == demand.account && demand.selfTradePrevention != .none {
                if demand.selfTradePrevention != .expireTaker { sweep.meetings.append(.expire(maker.order.id)) }
                if demand.selfTradePrevention == .expireMaker { continue }
                return sweep.ended(.ownOrder)
            }
            let quantity = min(wanted, maker.shown)
            sweep.meetings.append(.trade(maker.order.id, quantity: quantity))
            sweep.executed += quantity
            let (sum, overflow) = sweep.notional.addingReportingOverflow(
                notional(maker.order.price.raw, quantity, in: book.market))
            sweep.notional = overflow ? .max : sum
            if isMet(demand.want, by: sweep) { return sweep.ended(.satisfied) }
            if quantity < maker.shown { return sweep.ended(endWhenShort(demand.want)) }
            maker.left -= quantity
            if maker.left > 0 {
                // The next slice of an iceberg comes after all others of its price.
                maker.shown = min(maker.order.icebergQuantity.raw, maker.left)
                let behind = queue.firstIndex { $0.order.price != maker.order.price } ?? queue.count
                queue.insert(maker, at: behind)
            }
        }
        return sweep
    }

    func demand(of order: PlaceOrder) -> Demand {
        let (want, bound): (Want, Int64?) =
            switch order.terms {
            case .limit(let price, let quantity, _), .limitMaker(let price, let quantity):
                (.quantity(quantity.raw), price.raw)
            case .market(let quantity): (.quantity(quantity.raw), nil)
            case .marketByQuote(let quote): (.quote(quote.raw), nil)
            }
        return Demand(
            account: order.account, side: order.side, selfTradePrevention: order.selfTradePrevention, want: want,
            bound: bound)
    }

    /// What is left of an order that was accepted earlier. A purchase at market gets no more than can be paid for now.
    func demand(of order: OrderState, in market: Market) -> Demand {
        let left = order.quantity.raw - order.executed.raw
        var demand = Demand(
            account: order.account, side: order.side, selfTradePrevention: order.selfTradePrevention,
            want: .quantity(left), bound: order.type.hasPrice ? order.price.raw : nil)
        if !order.type.hasPrice && order.side == .buy {
            demand.want = .affordable(left, funds: balance(paid(by: order, in: market)).free)
        }
        return demand
    }

    /// The orders on the other side that a price reaches: best price first, and of one price in their places in time.
    func crossing(_ side: Side, _ bound: Int64?, in book: Book) -> [OrderState] {
        let reached = book.resting.enumerated().filter { _, order in
            guard order.side != side else { return false }
            guard let bound else { return true }
            return side == .buy ? order.price.raw <= bound : order.price.raw >= bound
        }
        let sorted = reached.sorted { a, b in
            if a.element.price == b.element.price { return a.offset < b.offset }
            return side == .buy ? a.element.price < b.element.price : a.element.price > b.element.price
        }
        return sorted.map(\.element)
    }

    private func remaining(of want: Want, after sweep: Sweep, at price: Int64, in market: Market) -> Int64 {
        func payable(_ amount: Int128) -> Int64 {
            Int64(clamping: (amount - sweep.notional) / saturating(Int128(price), times: quoteUnit(of: market)))
        }
        return switch want {
        case .quantity(let quantity): quantity - sweep.executed
        case .quote(let quote): payable(quote)
        case .affordable(let quantity, let funds): min(quantity - sweep.executed, payable(funds))
        }
    }

    private func isPositive(_ want: Want) -> Bool {
        switch want {
        case .quantity(let quantity), .affordable(let quantity, _): quantity > 0
        case .quote(let quote): quote > 0
        }
    }

    private func isMet(_ want: Want, by sweep: Sweep) -> Bool {
        switch want {
        case .quantity(let quantity), .affordable(let quantity, _): sweep.executed == quantity
        case .quote(let quote): sweep.notional == quote
        }
    }

    /// How a sweep ends that money ends.
    private func endWhenShort(_ want: Want) -> SweepEnd {
        switch want {
        case .quantity, .quote: .satisfied
        case .affordable: .outOfFunds
        }
    }
}
