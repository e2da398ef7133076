import SyncronCore
import SyncronWire

extension Route {
    /// Whether it answers only those who have the margin wallet, which the first transfer into it opens.
    private var needsMarginWallet: Bool {
        let others = ["/transfer", "/maxTransferable", "/interestRate", "/collateralRatio"]
        return group == .margin && !others.contains { path.hasSuffix($0) }
    }

    /// What the caller is told when the call failed with `error`: on margin, that there is no wallet or that it is in
    /// liquidation, before any mistake in what was asked for.
    func refusal(of call: Call, for error: any Error) async -> any Error {
        guard group == .margin, let mistake = error as? APIError,
            (1_005...1_010).contains(mistake.code) || (-3_004 ... -3_002).contains(mistake.code),
            let account = try? call.account().id
        else { return error }
        let wallets = try? await call.node.query { engine, _ in
            [engine.marginReading(of: account)].compactMap { $0 }
        }
        guard let wallets else { return error }
        guard let wallet = wallets.first else { return needsMarginWallet ? APIError.margin(.noAccount) : error }
        return wallet.status == .liquidating && method != .get ? APIError.margin(.liquidating) : error
    }
}

extension RouteTable {
    /// Under each of the two prefixes.
    static let margin = marginPrefixes.flatMap { account($0) + loans($0) + orders($0) + records($0) }

    static let marginPrefixes = ["/api/v3/margin", "/v1/api/v3/margin"]

    private static let money: Permissions = [.transfer, .trade]

    private static func account(_ prefix: String) -> [Route] {
        [
            Route(
                .get, "\(prefix)/account", .margin, weight: 10, .key(.read), "What is owned and owed on margin",
                .suspending(MarginRoutes.account)),
            Route(
                .get, "\(prefix)/balance", .margin, weight: 5, .key(.read), "One asset of the margin wallet",
                .suspending(MarginRoutes.balance)),
            Route(
                .post, "\(prefix)/transfer", .margin, .key(money), "Move money to or from the margin wallet",
                .command(MarginRoutes.transfer)),
            Route(
                .get, "\(prefix)/transfer", .margin, .key(.read), "Transfers of the margin wallet, newest first",
                .suspending(MarginHistoryRoutes.transfers)),
            Route(
                .get, "\(prefix)/maxBorrowable", .margin, weight: 5, .key(.read), "The largest loan there is",
                .suspending(MarginRoutes.maxBorrowable)),
            Route(
                .get, "\(prefix)/maxTransferable", .margin, weight: 5, .key(.read), "The largest transfers in and out",
                .suspending(MarginRoutes.maxTransferable)),
        ]
    }

    private static func loans(_ prefix: String) -> [Route] {
        [
            Route(.post, "\(prefix)/loan", .margin, .key(money), "Take a loan", .command(MarginRoutes.borrow)),
            Route(
                .get, "\(prefix)/loan", .margin, .key(.read), "Loans, newest first",
                .suspending(MarginHistoryRoutes.loans)),
            Route(.post, "\(prefix)/repay", .margin, .key(money), "Repay a loan", .command(MarginRoutes.repay)),
            Route(
                .get, "\(prefix)/repay", .margin, .key(.read), "Repayments, newest first",
                .suspending(MarginHistoryRoutes.repayments)),
        ]
    }

    private static func orders(_ prefix: String) -> [Route] {
        [
            Route(
                .post, "\(prefix)/order/test", .margin, .key(.trade), orderRate: .shown,
                "Try a margin order without placing it", .suspending(TradingRoutes.testOrder)),
            Route(
                .post, "\(prefix)/order", .margin, .key(.trade), orderRate: .counted, "Place a margin order",
                .command(TradingRoutes.placeOrder)),
            Route(
                .delete, "\(prefix)/order", .margin, .key(.trade), orderRate: .shown, "Cancel a margin order",
                .command(TradingRoutes.cancelOrder)),
            Route(
                .get, "\(prefix)/order", .margin, .key(.read), orderRate: .shown, "One margin order",
                .suspending(TradingRoutes.order)),
            Route(
                .get, "\(prefix)/openOrders", .margin, weight: .bySymbol(one: 1, all: 40), .key(.read),
                orderRate: .shown, "Open margin orders, oldest first", .suspending(TradingRoutes.openOrders)),
            Route(
                .delete, "\(prefix)/openOrders", .margin, .key(.trade), orderRate: .shown,
                "Cancel all margin orders in a market", .command(OrderChangeRoutes.cancelOpenOrders)),
            Route(
                .get, "\(prefix)/allOrders", .margin, weight: 5, .key(.read), orderRate: .shown,
                "Margin orders in every status, newest first", .suspending(TradingRoutes.allOrders)),
            Route(
                .get, "\(prefix)/myTrades", .margin, weight: 5, .key(.read), "Own margin trades, newest first",
                .suspending(AccountRoutes.trades)),
        ]
    }

    private static func records(_ prefix: String) -> [Route] {
        [
            Route(
                .get, "\(prefix)/interestRate", .margin, .key(.read), "What loans cost, and what is left to lend",
                .suspending(MarginRoutes.interestRate)),
            Route(
                .get, "\(prefix)/interestHistory", .margin, .key(.read), "Interest, newest first",
                .suspending(MarginHistoryRoutes.interest)),
            Route(
                .get, "\(prefix)/forceLiquidationRec", .margin, .key(.read), "Orders of liquidations, newest first",
                .suspending(MarginHistoryRoutes.forcedOrders)),
            Route(
                .get, "\(prefix)/collateralRatio", .margin, .key(.read), "What assets count for as collateral",
                .immediate(MarginRoutes.collateralRatio)),
        ]
    }
}
