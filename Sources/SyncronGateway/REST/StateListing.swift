import NIOCore
public import SyncronCore
public import SyncronNode
import SyncronWire

/// A state of the exchange for a person to read, one line for each balance and each open order.
public enum StateListing {
    public static func lines(balances: [BalanceChange], orders: [OrderState], _ directory: Directory) -> [String] {
        let held = balances.compactMap { balance -> String? in
            guard let asset = directory.asset(balance.asset) else { return nil }
            let decimals = Int(asset.decimals)
            return "balance  account \(balance.account)  \(balance.wallet.wireName)  \(asset.name)"
                + "  free \(DecimalText.fixed(balance.free.raw, decimals: decimals))"
                + "  locked \(DecimalText.fixed(balance.held.raw, decimals: decimals))"
        }
        let open = orders.compactMap { order -> String? in
            guard let format = directory.format(order.market) else { return nil }
            var json = JSONWriter(capacity: 768)
            json.order(order, format)
            return "order    account \(order.account)  \(order.wallet.wireName)  \(String(buffer: json.buffer))"
        }
        return held + open
    }
}
