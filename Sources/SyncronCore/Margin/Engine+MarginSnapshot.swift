/// Margin as bytes, and back. Who watches for which price is computed from the rest.
extension Engine {
    func encodeMargin(into writer: inout ByteWriter) {
        writer.append(margin.lastSecond.milliseconds)
        writer.encode(margin.wasIdle)
        for entry in margin.index {
            writer.encode(entry.price)
            writer.encode(entry.isFixed)
        }
        writer.append(UInt32(margin.accounts.count))
        for account in margin.accounts {
            writer.append(account.account.raw)
            writer.encode(account.status)
            writer.append(UInt16(account.debts.count))
            for debt in account.debts {
                writer.append(debt.borrowed.raw)
                writer.append(debt.interest.raw)
            }
        }
    }

    mutating func readMargin(from reader: inout ByteReader) throws(CodingFailure) {
        margin.lastSecond = Timestamp(milliseconds: try reader.read())
        margin.wasIdle = try reader.decode()
        for asset in assets {
            margin.index[asset.id.index].set(try reader.decode(), decimals: asset.decimals)
            margin.index[asset.id.index].isFixed = try reader.decode()
        }
        let count = try reader.read(UInt32.self)
        for _ in 0..<count {
            let id = AccountID(try reader.read())
            guard register.account(id) != nil, margin.place(of: id) == 0
            else { throw CodingFailure("a margin wallet of nobody") }
            var account = MarginAccount(account: id)
            account.status = try reader.decode()
            for _ in 0..<(try reader.read(UInt16.self)) {
                account.debts.append(
                    Debt(borrowed: Units(try reader.read()), interest: Units(try reader.read())))
            }
            guard account.debts.count <= assets.count,
                account.debts.allSatisfy({ $0.borrowed >= .zero && $0.interest >= .zero })
            else { throw CodingFailure("a debt that is none") }
            watch(margin.open(account))
        }
    }
}
