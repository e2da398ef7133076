import NIOCore
import SyncronCore
public import SyncronNode
import SyncronWire

/// A state of the exchange for a person to read, one line for each balance, each debt, each open order and each
/// position.
public enum StateListing {
    public static func lines(of report: ReplayReport) -> [String] {
        let directory = report.directory
        let held = report.balances.compactMap { balance -> String? in
            guard let asset = directory.asset(balance.asset) else { return nil }
            return "balance  account \(balance.account)  \(balance.wallet.wireName)  \(asset.name)"
                + "  free \(text(balance.free, asset))  locked \(text(balance.held, asset))"
        }
        let owed = report.debts.compactMap { account, debt -> String? in
            guard let asset = directory.asset(debt.asset) else { return nil }
            return "debt     account \(account)  \(asset.name)"
                + "  borrowed \(text(debt.borrowed, asset))  interest \(text(debt.interest, asset))"
        }
        let open = report.orders.compactMap { order -> String? in
            guard let format = directory.format(order.market) else { return nil }
            var json = JSONWriter(capacity: 768)
            json.order(order, format)
            return "order    account \(order.account)  \(order.wallet.wireName)  \(String(buffer: json.buffer))"
        }
        let positions = report.positions.compactMap { reading -> String? in
            guard let format = directory.format(reading.position.market) else { return nil }
            var json = JSONWriter(capacity: 768)
            json.position(reading, format)
            return "position account \(reading.position.account)  \(String(buffer: json.buffer))"
        }
        return held + owed + open + positions
    }

    private static func text(_ amount: Units, _ asset: Asset) -> String {
        DecimalText.fixed(amount.raw, decimals: Int(asset.decimals))
    }
}
