import ArgumentParser
import Foundation

extension AdminCommand {
    struct Accounts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All accounts, or one of them.")
        @OptionGroup var admin: AdminOptions
        @Argument var account: UInt32?
        func run() async throws {
            try await admin.call("GET", "/admin/accounts" + (account.map { "/\($0)" } ?? ""))
        }
    }

    struct OpenAccount: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open an account.")
        @OptionGroup var admin: AdminOptions
        @Option var email: String?
        @Option(help: "Standard, Silver, Gold, Platinum or VIP.") var level: String?
        @Option(help: "0 to 4.") var commissionTier: Int?
        func run() async throws {
            try await admin.call(
                "POST", "/admin/accounts",
                [
                    AdminField("email", email), AdminField("level", level),
                    AdminField("commissionTier", number: commissionTier),
                ])
        }
    }

    struct ChangeAccount: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change an account; what is not given stays.")
        @OptionGroup var admin: AdminOptions
        @Argument var account: UInt32
        @Option(help: "Standard, Silver, Gold, Platinum or VIP.") var level: String?
        @Option var requestsPerMinute: UInt32?
        @Option var ordersPerSecond: UInt32?
        @Option(help: "0 to 4.") var commissionTier: Int?
        @Option(help: "3 or 5.") var marginLeverage: Int?
        @Option var canTrade: Bool?
        @Option var canWithdraw: Bool?
        func run() async throws {
            try await admin.call(
                "PUT", "/admin/accounts/\(account)",
                [
                    AdminField("level", level), AdminField("requestsPerMinute", number: requestsPerMinute),
                    AdminField("ordersPerSecond", number: ordersPerSecond),
                    AdminField("commissionTier", number: commissionTier),
                    AdminField("marginLeverage", number: marginLeverage), AdminField("canTrade", truth: canTrade),
                    AdminField("canWithdraw", truth: canWithdraw),
                ])
        }
    }

    struct CreateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an API key; its secret is shown once.")
        @OptionGroup var admin: AdminOptions
        @Argument var account: UInt32
        @Option var name = "key"
        @Option(help: "read, trade, withdraw or transfer; may be repeated.") var permission: [String] = ["read"]
        @Option(help: "An address or network the key may be used from; may be repeated.") var ip: [String] = []
        @Option(help: "When the key ends, in milliseconds since 1970.") var expiresAt: Int64?
        @Option(help: "Base64 of 32 bytes, for a key without a secret.") var ed25519PublicKey: String?
        func run() async throws {
            try await admin.call(
                "POST", "/admin/accounts/\(account)/api-keys",
                [
                    AdminField("name", name), AdminField("permissions", texts: permission),
                    AdminField("ipRestrictions", texts: ip), AdminField("expiresAt", number: expiresAt),
                    AdminField("ed25519PublicKey", ed25519PublicKey),
                ])
        }
    }

    struct DeleteKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take an API key back.")
        @OptionGroup var admin: AdminOptions
        @Argument var account: UInt32
        @Argument var key: String
        func run() async throws { try await admin.call("DELETE", "/admin/accounts/\(account)/api-keys/\(key)") }
    }

    struct RotateMasterKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seal every secret under a fresh master key and forget the old one.")
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await admin.call("POST", "/admin/master-key/rotate") }
    }
}
