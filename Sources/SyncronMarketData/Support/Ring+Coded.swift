import SyncronCore

extension Ring: Coded where Element: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.append(UInt32(count))
        for index in 0..<count { writer.encode(self[index]) }
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init()
        let count = Int(try reader.read(UInt32.self))
        guard count <= reader.remaining else { throw CodingFailure("a queue longer than its bytes") }
        for _ in 0..<count { append(try reader.decode(Element.self)) }
    }
}
