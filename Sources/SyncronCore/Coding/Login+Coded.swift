extension Login: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(email)
        writer.encode(passwordHash)
        writer.encode(secondFactor)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), email: try reader.decode(), passwordHash: try reader.decode(),
            secondFactor: try reader.decode())
    }
}

extension RegisterLogin: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(email)
        writer.encode(passwordHash)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(email: try reader.decode(), passwordHash: try reader.decode())
    }
}

extension SetSecondFactor: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(secret)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), secret: try reader.decode())
    }
}

extension SetPassword: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(passwordHash)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(account: try reader.decode(), passwordHash: try reader.decode())
    }
}

extension ChangeAPIKey: Coded {
    public func encode(into writer: inout ByteWriter) {
        writer.encode(account)
        writer.encode(key)
        writer.encode(name)
        writer.encode(permissions)
        writer.encode(ipRestrictions)
        writer.encode(expiresAt)
        writer.encode(credential)
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        self.init(
            account: try reader.decode(), key: try reader.decode(), name: try reader.decode(),
            permissions: try reader.decode(), ipRestrictions: try reader.decode(), expiresAt: try reader.decode(),
            credential: try reader.decode())
    }
}
