import SyncronCore

/// Events as lines of a transcript.
extension Stage {
    func text(_ event: Event) -> String {
        switch event {
        case .rejected(let rejection): "refused: " + "\(rejection)".replacing("SyncronCore.", with: "")
        case .begun: "begun"
        case .orderAccepted(let order): "accepted \(text(order))"
        case .orderFilled(let fill):
            "filled #\(fill.order.id) \(fill.liquidity) \(fill.quantity.raw) @ \(fill.price.raw)"
                + " fee \(amount(fill.commission)) \(asset(fill.commissionAsset)) -> \(progress(fill.order))"
        case .orderEnded(let end): "ended #\(end.order.id) \(progress(end.order))"
        case .orderTriggered(let order): "triggered \(text(order))"
        case .orderAmended(let order): "amended \(text(order)) \(progress(order))"
        case .cancelCountdownSet(let countdown):
            "countdown of \(name(countdown.account)) "
                + (countdown.at == .never ? "disarmed" : "until \(countdown.at.milliseconds)")
        case .traded(let trade):
            "trade \(trade.id): \(trade.quantity.raw) @ \(trade.price.raw)"
                + " #\(trade.takerOrder) takes #\(trade.makerOrder)"
        case .levelChanged(let change):
            "level \(change.side == .buy ? "bid" : "ask") \(change.price.raw): \(change.quantity.raw)"
        case .balanceChanged(let change):
            "balance \(name(change.account)) \(change.wallet == .spot ? "" : "\(change.wallet) ")\(asset(change.asset))"
                + " free \(amount(change.free)) held \(amount(change.held))"
        case .assetDefined(let asset): "asset \(asset.name)"
        case .marketDefined(let market): "market \(market.symbol)"
        case .marketStatusChanged(let change): "market is \(change.status)"
        case .accountOpened(let account), .accountChanged(let account): "account \(account.id)"
        case .apiKeyCreated(let key), .apiKeyChanged(let key), .apiKeyDeleted(let key): "api key \(key.key)"
        case .listenKeyOpened(let key): "listen key \(key.key) until \(key.expiresAt.milliseconds)"
        case .listenKeyKept(let key): "listen key \(key.key) kept until \(key.expiresAt.milliseconds)"
        case .listenKeyClosed(let key): "listen key \(key.key) closed"
        case .listenKeyExpired(let key): "listen key \(key.key) expired"
        case .depositRecorded(let record):
            "deposit \(record.deposit.id) \(record.deposit.status) credited \(amount(record.credited))"
        case .withdrawalRecorded(let record):
            "withdrawal \(record.withdrawal.id) \(record.withdrawal.status) debited \(amount(record.debited))"
        case .depositAddressAssigned(let address): "address \(address.address) for \(name(address.account))"
        case .transferred(let transfer):
            "transfer \(transfer.id) \(amount(transfer.amount)) \(asset(transfer.asset))"
                + " \(transfer.from) -> \(transfer.to)"
        case .lendingFunded(let pool): "lending \(amount(pool.amount)) \(asset(pool.asset))"
        case .insuranceFunded(let fund): "insurance \(amount(fund.amount)) \(asset(fund.asset))"
        case .loanTaken(let loan):
            "loan \(loan.id) \(amount(loan.principal)) \(asset(loan.asset)) to \(name(loan.account))"
        case .loanRepaid(let it):
            "repaid \(it.id) by \(name(it.account)) (\(it.cause)) \(amount(it.interest)) + \(amount(it.principal))"
                + " \(asset(it.asset))"
        case .interestCharged(let it):
            "interest of \(name(it.account)) \(amount(it.interest)) on \(amount(it.principal)) \(asset(it.asset))"
        case .marginOrderPlaced(let it):
            "#\(it.order) is \(it.sideEffect), borrowed \(amount(it.borrowed)) \(asset(it.borrowedAsset))"
        case .marginStatusChanged(let it):
            "margin of \(name(it.account)) is \(it.status)" + (it.level.map { " at \(Units($0.raw).raw)" } ?? "")
        case .orderForced(let it):
            "forced #\(it.order) of \(name(it.account)) \(it.side) \(it.executed.raw)/\(it.quantity.raw)"
                + " @ \(it.price.raw) fee \(amount(it.fee))"
        case .indexPriceChanged(let quote):
            "index of \(asset(quote.asset)) \(quote.price.map { "\($0.raw)" } ?? "none")"
        case .positionChanged(let it):
            "position of \(name(it.account)) \(it.side) \(it.quantity.raw) cost \(amount(it.cost))"
                + (it.marginType == .isolated ? " isolated \(amount(it.isolatedWallet))" : "")
        case .leverageSet(let it): "leverage of \(name(it.account)) is \(it.leverage)"
        case .marginTypeSet(let it): "margin type of \(name(it.account)) is \(it.type)"
        case .positionModeSet(let it): "mode of \(name(it.account)) is \(it.isHedge ? "hedge" : "one-way")"
        case .incomeBooked(let it): "income of \(name(it.account)) \(it.kind) \(amount(it.amount))"
        case .markPriceChanged(let it): "mark \(it.mark.raw)"
        case .fundingSettled(let it): "funding \(it.rate.raw) at \(it.mark.raw)"
        case .futuresMarginCalled(let it): "futures margin call of \(name(it.account)) at \(it.ratio.raw)"
        case .positionDeleveraged(let it):
            "deleveraged \(name(it.account)) \(it.side) \(it.quantity.raw) @ \(it.price.raw)"
        case .loginChanged(let login): "login of \(login.account)"
        case .timePassed: "time passed"
        case .checkpointed: "checkpoint"
        }
    }

    private func text(_ order: OrderState) -> String {
        let terms =
            order.quoteQuantity == .zero
            ? "\(order.quantity.raw)" + (order.price == .zero ? "" : " @ \(order.price.raw)")
            : "for \(amount(order.quoteQuantity))"
        let force = order.type == .limit ? " \(order.timeInForce)" : ""
        return "#\(order.id) \(name(order.account)) \(order.side) \(order.type)\(force) \(terms)"
    }

    private func progress(_ order: OrderState) -> String {
        "\(order.status) \(order.executed.raw)/\(order.quantity.raw) for \(amount(order.executedNotional))"
    }

    private func asset(_ id: AssetID) -> String { engine.assets[Int(id.raw)].name }

    private func amount(_ units: Units) -> String {
        let digits = String(units.raw.magnitude)
        let padded = String(repeating: "0", count: max(0, Stage.decimals + 1 - digits.count)) + digits
        return (units.raw < 0 ? "-" : "") + padded.dropLast(Stage.decimals) + "." + padded.suffix(Stage.decimals)
    }
}
