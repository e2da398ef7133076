extension Rejection.Parameter: Coded {}
extension Rejection.Filter: Coded {}
extension Rejection.RiskFilter: Coded {}
extension Rejection.Margin: Coded {}

extension Rejection: Coded {
    private enum Tag: UInt8, Coded {
        case outOfPlace = 1
        case unknownAccount = 2
        case tradingDisabled = 3
        case invalid = 4
        case conflict = 5
        case unknownAsset = 6
        case unknownMarket = 7
        case marketClosed = 8
        case filter = 9
        case risk = 10
        case duplicateClientOrderID = 11
        case insufficientBalance = 12
        case unknownOrder = 13
        case unknownAPIKey = 14
        case unknownListenKey = 15
        case withdrawalsDisabled = 32
        case unknownWithdrawal = 33
        case margin = 34
        case insufficientForTransfer = 35
        case insufficientForMarginOrder = 64
        case noIndexPrice = 65
        case belowMaintenance = 96
    }

    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .outOfPlace: writer.encode(Tag.outOfPlace)
        case .unknownAccount: writer.encode(Tag.unknownAccount)
        case .tradingDisabled: writer.encode(Tag.tradingDisabled)
        case .invalid(let parameter):
            writer.encode(Tag.invalid)
            writer.encode(parameter)
        case .conflict(let parameter):
            writer.encode(Tag.conflict)
            writer.encode(parameter)
        case .unknownAsset: writer.encode(Tag.unknownAsset)
        case .unknownMarket: writer.encode(Tag.unknownMarket)
        case .marketClosed(let status):
            writer.encode(Tag.marketClosed)
            writer.encode(status)
        case .filter(let filter, let parameter):
            writer.encode(Tag.filter)
            writer.encode(filter)
            writer.encode(parameter)
        case .risk(let filter):
            writer.encode(Tag.risk)
            writer.encode(filter)
        case .duplicateClientOrderID: writer.encode(Tag.duplicateClientOrderID)
        case .insufficientBalance(let asset, let required, let available):
            writer.encode(Tag.insufficientBalance)
            writer.encode(asset)
            writer.encode(required)
            writer.encode(available)
        case .unknownOrder: writer.encode(Tag.unknownOrder)
        case .unknownAPIKey: writer.encode(Tag.unknownAPIKey)
        case .unknownListenKey: writer.encode(Tag.unknownListenKey)
        case .withdrawalsDisabled: writer.encode(Tag.withdrawalsDisabled)
        case .unknownWithdrawal: writer.encode(Tag.unknownWithdrawal)
        case .margin(let rule):
            writer.encode(Tag.margin)
            writer.encode(rule)
        case .insufficientForTransfer(let asset, let required, let available):
            writer.encode(Tag.insufficientForTransfer)
            writer.encode(asset)
            writer.encode(required)
            writer.encode(available)
        case .insufficientForMarginOrder(let asset, let required, let available):
            writer.encode(Tag.insufficientForMarginOrder)
            writer.encode(asset)
            writer.encode(required)
            writer.encode(available)
        case .noIndexPrice(let asset):
            writer.encode(Tag.noIndexPrice)
            writer.encode(asset)
        case .belowMaintenance: writer.encode(Tag.belowMaintenance)
        }
    }

    public init(from reader: inout ByteReader) throws(CodingFailure) {
        switch try reader.decode(Tag.self) {
        case .outOfPlace: self = .outOfPlace
        case .unknownAccount: self = .unknownAccount
        case .tradingDisabled: self = .tradingDisabled
        case .invalid: self = .invalid(try reader.decode())
        case .conflict: self = .conflict(try reader.decode())
        case .unknownAsset: self = .unknownAsset
        case .unknownMarket: self = .unknownMarket
        case .marketClosed: self = .marketClosed(try reader.decode())
        case .filter: self = .filter(try reader.decode(), try reader.decode())
        case .risk: self = .risk(try reader.decode())
        case .duplicateClientOrderID: self = .duplicateClientOrderID
        case .insufficientBalance:
            self = .insufficientBalance(
                asset: try reader.decode(), required: try reader.decode(), available: try reader.decode())
        case .unknownOrder: self = .unknownOrder
        case .unknownAPIKey: self = .unknownAPIKey
        case .unknownListenKey: self = .unknownListenKey
        case .withdrawalsDisabled: self = .withdrawalsDisabled
        case .unknownWithdrawal: self = .unknownWithdrawal
        case .margin: self = .margin(try reader.decode())
        case .insufficientForTransfer:
            self = .insufficientForTransfer(
                asset: try reader.decode(), required: try reader.decode(), available: try reader.decode())
        case .insufficientForMarginOrder:
            self = .insufficientForMarginOrder(
                asset: try reader.decode(), required: try reader.decode(), available: try reader.decode())
        case .noIndexPrice: self = .noIndexPrice(try reader.decode())
        case .belowMaintenance: self = .belowMaintenance
        }
    }
}
