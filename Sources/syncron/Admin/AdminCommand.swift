import ArgumentParser
import Foundation

struct AdminCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Operate a running exchange through its admin listener.",
        subcommands: [
            Status.self, Ledger.self, Snapshot.self, AdvanceClock.self, Accounts.self, OpenAccount.self,
            ChangeAccount.self, CreateKey.self, DeleteKey.self, Deposit.self, DepositAddress.self, Withdrawals.self,
            SettleWithdrawal.self, FailWithdrawal.self, PutLending.self, Halt.self, Resume.self, PutAsset.self,
            PutMarket.self, PutInsurance.self, IndexPrices.self, RotateMasterKey.self,
        ])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Where the exchange stands.")
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await admin.call("GET", "/admin/status") }
    }

    struct Ledger: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All money, by asset and purpose.")
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await admin.call("GET", "/admin/ledger") }
    }

    struct Snapshot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a snapshot now.")
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await admin.call("POST", "/admin/snapshot") }
    }

    struct AdvanceClock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set a manual clock forward.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "Milliseconds.") var milliseconds: Int64
        func run() async throws {
            try await admin.call("POST", "/admin/clock/advance", [AdminField("milliseconds", number: milliseconds)])
        }
    }

    struct Halt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take no new orders in a market; cancels work.")
        @OptionGroup var admin: AdminOptions
        @Argument var symbol: String
        func run() async throws { try await admin.call("POST", "/admin/markets/\(symbol)/halt") }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take orders in a market again.")
        @OptionGroup var admin: AdminOptions
        @Argument var symbol: String
        func run() async throws { try await admin.call("POST", "/admin/markets/\(symbol)/resume") }
    }
}
