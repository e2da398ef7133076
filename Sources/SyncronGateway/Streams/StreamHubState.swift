import SyncronCore
import SyncronMarketData
import SyncronNode

/// What the hub knows between two events.
struct StreamHubState: Sendable {
    private let node: Node
    /// Which shards have readers of a stream.
    private var routes: [StreamKey: [StreamShard]] = [:]
    /// By id. Every market is counted along, read or not, because the update ids of its book are counted here.
    private var markets: [MarketTopics] = []
    /// Markets of which somebody reads a stream.
    private var readMarkets: [Int] = []
    private var readsUsers = 0
    private var allTickers = AllTickersTopic()
    private var outbox = StreamOutbox()
    private var messages = MarketMessages()
    private var beats = StreamBeat()
    /// No command will be stamped earlier than this.
    private var passed = Timestamp.zero
    private var isAskingForTime = false

    init(node: Node) { self.node = node }

    private var data: NodeMarketReading { NodeMarketReading(node: node) }

    /// Takes the update ids of all books, which stand exactly where the first batch begins.
    mutating func started() {
        markets = node.directory.markets.map { market in
            let updateID = data.read(market.id) { view, _ in view.depth.updateID } ?? 0
            return MarketTopics(market.id, updateID: updateID)
        }
    }

    /// Hands the messages over to the event loops.
    mutating func send() {
        for message in messages.items {
            guard let shards = routes[message.key] else { continue }
            let (key, frames) = (message.key, message.frames)
            outbox.put(message.toNewcomers ? .greeting(key, frames) : .frames(key, frames), for: shards)
        }
        messages.removeAll()
        outbox.send()
    }
}

// MARK: Readers

extension StreamHubState {
    mutating func note(_ changes: [StreamInterest.Change]) {
        for change in changes {
            let isRead = !change.shards.isEmpty
            let wasRead = routes.updateValue(change.shards, forKey: change.key) != nil
            if !isRead { routes[change.key] = nil }
            switch change.key {
            case .user: readsUsers += (isRead ? 1 : 0) - (wasRead ? 1 : 0)
            case .allTickers: if isRead && !wasRead { allTickers.readersCame(markets, data) }
            case .market(let id, let stream): note(change, id, stream, isRead: isRead)
            }
        }
    }

    private mutating func note(
        _ change: StreamInterest.Change, _ id: MarketID, _ stream: MarketStream, isRead: Bool
    ) {
        let index = Int(id.raw)
        addMarkets(through: id)
        if !isRead {
            markets[index].lastReaderLeft(stream)
            if !markets[index].isRead { readMarkets.removeAll { $0 == index } }
        } else if change.hasNewReader {
            if !markets[index].isRead {
                readMarkets.append(index)
                refreshFormat(of: index)
            }
            markets[index].readerCame(to: stream, data)
        }
    }

    private mutating func addMarkets(through id: MarketID) {
        while markets.count <= Int(id.raw) {
            markets.append(MarketTopics(MarketID(UInt16(markets.count)), updateID: 0))
        }
    }

    private mutating func refreshFormat(of index: Int) {
        let directory = node.directory
        markets[index].setFormat(directory.market(markets[index].id).flatMap { MarketFormat($0, directory) })
    }
}

// MARK: Events

extension StreamHubState {
    mutating func apply(_ batch: AppliedBatch) {
        if readsUsers > 0 && !batch.userEvents.isEmpty { put(batch.userEvents) }
        for command in batch.commands {
            for index in command.events { apply(batch.events[index]) }
        }
        passed = max(passed, batch.time)
        for index in readMarkets { markets[index].finishBatch(data, into: &messages) }
    }

    private mutating func apply(_ event: Event) {
        switch event {
        case .levelChanged(let change):
            markets[Int(change.market.raw)].apply(change)
        case .traded(let trade):
            markets[Int(trade.market.raw)].apply(trade)
        case .markPriceChanged(let mark):
            markets[Int(mark.market.raw)].apply(mark)
        case .orderForced(let order):
            markets[Int(order.market.raw)].apply(order)
        case .marketDefined(let market):
            addMarkets(through: market.id)
            if markets[Int(market.id.raw)].isRead { refreshFormat(of: Int(market.id.raw)) }
        case .listenKeyClosed(let key):
            put(.listenKeyEnded(key.account, key: key.key, .listenKeyClosed))
        case .listenKeyExpired(let key):
            put(.listenKeyEnded(key.account, key: key.key, .listenKeyExpired))
        case .rejected, .begun, .orderAccepted, .orderFilled, .orderEnded, .orderTriggered, .orderAmended,
            .cancelCountdownSet, .balanceChanged, .assetDefined,
            .marketStatusChanged, .accountOpened, .accountChanged, .apiKeyCreated, .apiKeyDeleted, .listenKeyOpened,
            .listenKeyKept, .depositRecorded, .withdrawalRecorded, .depositAddressAssigned, .transferred,
            .lendingFunded, .insuranceFunded, .loanTaken, .loanRepaid, .interestCharged, .marginOrderPlaced,
            .marginStatusChanged, .indexPriceChanged, .positionChanged, .leverageSet, .marginTypeSet,
            .positionModeSet, .incomeBooked, .fundingSettled, .futuresMarginCalled,
            .positionDeleveraged, .apiKeyChanged, .loginChanged, .timePassed,
            .checkpointed:
            break
        }
    }

    private mutating func put(_ userEvents: [NumberedUserEvent]) {
        let directory = node.directory
        for event in userEvents {
            guard let shards = routes[.user(event.account)] else { continue }
            let frame = UserEventFrames.frame(event, directory)
            outbox.put(.userEvent(event.account, seq: event.seq, frame), for: shards)
        }
    }

    private mutating func put(_ end: StreamDelivery) {
        guard case .listenKeyEnded(let account, _, _) = end, let shards = routes[.user(account)] else { return }
        outbox.put(end, for: shards)
    }
}

// MARK: Time

extension StreamHubState {
    mutating func beat() {
        let due = beats.next()
        for index in readMarkets { markets[index].push(due, passed: passed, data, into: &messages) }
        if due.seconds, routes[.allTickers] != nil {
            allTickers.push(node.directory, data, into: &messages)
        }
    }

    /// Whether the writer is to be asked for the time: a candle is over by the clock, but no command has said so.
    mutating func takeTimeQuestion() -> Bool {
        guard !isAskingForTime else { return false }
        let now = node.now
        let waits = readMarkets.contains { index in
            guard let end = markets[index].nextCandleEnd else { return false }
            return end <= now && end > passed
        }
        isAskingForTime = waits
        return waits
    }

    mutating func answered(time: Timestamp?) {
        isAskingForTime = false
        if let time { passed = max(passed, time) }
    }
}
