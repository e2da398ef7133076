extension WithdrawalStatus: Coded {}
extension WithdrawalID: Coded {}
extension TransactionID: Coded {}

extension Withdrawal: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(account)
        writer.encode(asset)
        writer.encode(network)
        writer.encode(amount)
        writer.encode(fee)
        writer.encode(address)
        writer.encode(txID)
        writer.encode(status)
        writer.encode(clientID)
        writer.encode(reason)
        writer.encode(appliedAt)
        writer.encode(completedAt)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), account: try reader.decode(), asset: try reader.decode(),
            network: try reader.decode(), amount: try reader.decode(), fee: try reader.decode(),
            address: try reader.decode(), txID: try reader.decode(), status: try reader.decode(),
            clientID: try reader.decode(), reason: try reader.decode(), appliedAt: try reader.decode(),
            completedAt: try reader.decode())
    }
}

extension WithdrawalRecord: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(withdrawal)
        writer.encode(debited)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(withdrawal: try reader.decode(), debited: try reader.decode())
    }
}

extension RequestWithdrawal: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(asset)
        writer.encode(network)
        writer.encode(address)
        writer.encode(amount)
        writer.encode(clientID)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), asset: try reader.decode(), network: try reader.decode(),
            address: try reader.decode(), amount: try reader.decode(), clientID: try reader.decode())
    }
}

extension CancelWithdrawal: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(withdrawal)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), withdrawal: try reader.decode())
    }
}

extension SettleWithdrawal: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(withdrawal)
        writer.encode(txID)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(withdrawal: try reader.decode(), txID: try reader.decode())
    }
}

extension FailWithdrawal: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(withdrawal)
        writer.encode(reason)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(withdrawal: try reader.decode(), reason: try reader.decode())
    }
}

extension Transfer: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(id)
        writer.encode(account)
        writer.encode(asset)
        writer.encode(amount)
        writer.encode(from)
        writer.encode(to)
        writer.encode(time)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            id: try reader.decode(), account: try reader.decode(), asset: try reader.decode(),
            amount: try reader.decode(), from: try reader.decode(), to: try reader.decode(),
            time: try reader.decode())
    }
}

extension TransferFunds: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(asset)
        writer.encode(amount)
        writer.encode(from)
        writer.encode(to)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), asset: try reader.decode(), amount: try reader.decode(),
            from: try reader.decode(), to: try reader.decode())
    }
}

extension DepositAddress: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(asset)
        writer.encode(network)
        writer.encode(address)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), asset: try reader.decode(), network: try reader.decode(),
            address: try reader.decode())
    }
}

extension InsuranceFund: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(asset)
        writer.encode(amount)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(asset: try reader.decode(), amount: try reader.decode())
    }
}

extension LendingPool: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(asset)
        writer.encode(amount)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(asset: try reader.decode(), amount: try reader.decode())
    }
}
