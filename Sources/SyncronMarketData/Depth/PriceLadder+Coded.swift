import SyncronCore

/// The levels, the worst first.
extension PriceLadder: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.append(UInt32(count))
        for level in levels {
            writer.append(level.rank)
            writer.append(level.quantity)
        }
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init()
        let count = Int(try reader.read(UInt32.self))
        var previous = Int64.min
        for _ in 0..<count {
            let rank = try reader.read(Int64.self)
            let quantity = try reader.read(Int64.self)
            guard rank > previous, quantity > 0 else { throw CodingFailure("levels out of order or empty") }
            set(quantity, at: rank)
            previous = rank
        }
    }
}
