import SyncronCore

extension UserEvent: Coded {
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .order(let order, let execution):
            writer.append(UInt8(0))
            writer.encode(order)
            writer.encode(execution)
        case .balances(let wallet, let changes):
            writer.append(UInt8(1))
            writer.encode(wallet)
            writer.encode(changes)
        case .balanceUpdate(let wallet, let asset, let amount):
            writer.append(UInt8(2))
            writer.encode(wallet)
            writer.encode(asset)
            writer.encode(amount)
        case .listenKeyExpired(let key):
            writer.append(UInt8(3))
            writer.encode(key)
        case .marginCall(let level):
            writer.append(UInt8(4))
            writer.encode(level)
        case .marginStatus(let status, let level):
            writer.append(UInt8(5))
            writer.encode(status)
            writer.encode(level)
        case .orderForced(let order):
            writer.append(UInt8(6))
            writer.encode(order)
        case .loanTaken(let loan):
            writer.append(UInt8(7))
            writer.encode(loan)
        case .loanRepaid(let repayment):
            writer.append(UInt8(8))
            writer.encode(repayment)
        case .futuresAccount(let cause, let changes, let positions):
            writer.append(UInt8(9))
            writer.encode(cause)
            writer.encode(changes)
            writer.encode(positions)
        case .futuresMarginCall(let ratio, let positions):
            writer.append(UInt8(10))
            writer.encode(ratio)
            writer.encode(positions)
        }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.read(UInt8.self) {
        case 0: self = .order(try reader.decode(), try reader.decode())
        case 1: self = .balances(try reader.decode(), try reader.decode())
        case 2: self = .balanceUpdate(try reader.decode(), try reader.decode(), try reader.decode())
        case 3: self = .listenKeyExpired(try reader.decode())
        case 4: self = .marginCall(level: try reader.decode())
        case 5: self = .marginStatus(try reader.decode(), level: try reader.decode())
        case 6: self = .orderForced(try reader.decode())
        case 7: self = .loanTaken(try reader.decode())
        case 8: self = .loanRepaid(try reader.decode())
        case 9: self = .futuresAccount(try reader.decode(), try reader.decode(), try reader.decode())
        case 10: self = .futuresMarginCall(ratio: try reader.decode(), positions: try reader.decode())
        case let other: throw CodingFailure("\(other) for a user event")
        }
    }
}

extension UserEvent.FuturesCause: Coded {}

extension UserEvent.Execution: Coded {
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .new: writer.append(UInt8(0))
        case .trade(let fill, let realizedProfit):
            writer.append(UInt8(1))
            writer.encode(fill)
            if fill.order.wallet == .futures { writer.encode(realizedProfit) }
        case .canceled: writer.append(UInt8(2))
        case .expired: writer.append(UInt8(3))
        case .triggered: writer.append(UInt8(4))
        case .replaced: writer.append(UInt8(5))
        }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.read(UInt8.self) {
        case 0: self = .new
        case 1:
            let fill: OrderFill = try reader.decode()
            self = .trade(fill, realizedProfit: fill.order.wallet == .futures ? try reader.decode() : .zero)
        case 2: self = .canceled
        case 3: self = .expired
        case 4: self = .triggered
        case 5: self = .replaced
        case let other: throw CodingFailure("\(other) for an execution")
        }
    }
}

extension NumberedUserEvent {
    /// Puts together again what was taken apart for the history.
    init(account: AccountID, seq: UInt64, stamp: Stamp, body: [UInt8]) throws(CodingFailure) {
        let event = try body.span.bytes.withUnsafeBytes { (bytes) throws(CodingFailure) in
            var reader = ByteReader(bytes)
            let event = try reader.decode(UserEvent.self)
            guard reader.isAtEnd else { throw CodingFailure("a user event is followed by more") }
            return event
        }
        self.init(account: account, seq: seq, stamp: stamp, event: event)
    }
}
