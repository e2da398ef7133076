import SyncronCore
import SyncronMarketData

/// One row of `trades`, and the three ways of looking at it.
enum TradeTable {
    static let columns = """
        market, id, time, price, quantity, notional, taker_side, maker_order, taker_order, maker_account, \
        taker_account, maker_wallet, taker_wallet, maker_commission, taker_commission
        """

    static let insert = "INSERT INTO trades (\(columns)) VALUES "
    static let insertColumns = 15

    static func writeInsert(_ trade: Trade, to values: inout ValueWriter) {
        values.add(trade.market)
        values.add(trade.id)
        values.add(trade.time)
        values.add(trade.price)
        values.add(trade.quantity)
        values.add(trade.notional)
        values.add(trade.takerSide)
        values.add(trade.makerOrder)
        values.add(trade.takerOrder)
        values.add(trade.makerAccount)
        values.add(trade.takerAccount)
        values.add(trade.makerWallet)
        values.add(trade.takerWallet)
        values.add(trade.makerCommission)
        values.add(trade.takerCommission)
    }

    static let publicColumns = "id, price, quantity, notional, time, taker_side"

    static func publicTrade(from row: inout RowReader) throws -> PublicTrade {
        PublicTrade(
            id: try row.identity(), price: try row.ticks(), quantity: try row.steps(),
            notional: try row.units(), time: try row.time(), takerSide: try row.word())
    }

    /// The columns of one party's side of a trade.
    static func partyColumns(_ liquidity: Liquidity) -> String {
        let party = prefix(liquidity)
        return "market, id, \(party)_order, taker_side, price, quantity, notional, \(party)_commission, time"
    }

    static func accountTrade(from row: inout RowReader, as liquidity: Liquidity) throws -> AccountTrade {
        let market: MarketID = try row.identity()
        let id: TradeID = try row.identity()
        let order: OrderID = try row.identity()
        let takerSide: Side = try row.word()
        return AccountTrade(
            market: market, id: id, order: order, side: liquidity == .taker ? takerSide : takerSide.opposite,
            liquidity: liquidity, price: try row.ticks(), quantity: try row.steps(),
            notional: try row.units(), commission: try row.units(), time: try row.time())
    }

    static func prefix(_ liquidity: Liquidity) -> String {
        switch liquidity {
        case .maker: "maker"
        case .taker: "taker"
        }
    }
}
