import SyncronCore
import SyncronNode
import SyncronWire

extension JSONWriter {
    /// As its owner sees it; `isForOperator` adds whose it is and why it failed.
    mutating func withdrawal(_ withdrawal: Withdrawal, _ directory: Directory, isForOperator: Bool = false) {
        let asset = directory.asset(withdrawal.asset)
        let decimals = Int(asset?.decimals ?? 0)
        beginObject()
        field("id", withdrawal.id.raw)
        field("asset", asset?.name ?? "")
        field("network", withdrawal.network)
        field("amount", fixed: withdrawal.amount.raw, decimals: decimals)
        field("fee", fixed: withdrawal.fee.raw, decimals: decimals)
        field("address", withdrawal.address)
        key("txId")
        if withdrawal.txID.isEmpty { null() } else { value(withdrawal.txID) }
        field("status", withdrawal.status.rawValue)
        field("applyTime", withdrawal.appliedAt.milliseconds)
        key("completeTime")
        if let time = withdrawal.completedAt { value(time.milliseconds) } else { null() }
        key("clientWithdrawId")
        if withdrawal.clientID.isEmpty { null() } else { value(withdrawal.clientID) }
        if isForOperator {
            field("accountId", withdrawal.account.raw)
            field("reason", withdrawal.reason)
        }
        endObject()
    }

    mutating func transfer(_ transfer: Transfer, _ directory: Directory) {
        let asset = directory.asset(transfer.asset)
        beginObject()
        field("tranId", transfer.id.raw)
        field("asset", asset?.name ?? "")
        field("amount", fixed: transfer.amount.raw, decimals: Int(asset?.decimals ?? 0))
        field("from", transfer.from.wireName)
        field("to", transfer.to.wireName)
        field("status", "CONFIRMED")
        field("timestamp", transfer.time.milliseconds)
        endObject()
    }
}

extension Wallet: WireNamed {
    static var choices: [Wallet] { allCases }
}
