import SyncronCore
import SyncronNode
import SyncronWire

/// The margin wallet: what it holds and owes, loans, repayments and transfers.
enum MarginRoutes {
    @Sendable static func account(_ call: Call) async throws -> APIResponse {
        let account = try call.account()
        let reading = try await call.marginReading()
        return .json(capacity: 512 + 256 * reading.balances.count) {
            $0.marginAccount(reading, of: account, call.directory)
        }
    }

    @Sendable static func balance(_ call: Call) async throws -> APIResponse {
        let name = try call.parameters.text("asset")
        let reading = try await call.marginReading()
        let asset = try call.directory.marginAsset(name)
        let balance = reading.balances.first { $0.asset == asset.id }
        let none = MarginBalance(asset: asset.id, free: .zero, held: .zero, borrowed: .zero, interest: .zero)
        return .json { $0.marginBalance(balance ?? none, of: asset) }
    }

    @Sendable static func maxBorrowable(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let name = try call.parameters.text("asset")
        _ = try await call.marginReading()
        let asset = try call.directory.marginAsset(name)
        let most = try await call.node.query { engine, _ in engine.maxBorrowable(asset.id, by: account) }
        return .json { json in
            json.beginObject()
            json.field("amount", amount: most, of: asset)
            json.endObject()
        }
    }

    /// `amount` from the spot wallet into the margin wallet, `outAmount` the other way.
    @Sendable static func maxTransferable(_ call: Call) async throws -> APIResponse {
        let account = try call.account().id
        let asset = try call.directory.marginAsset(try call.parameters.text("asset"))
        let (into, out) = try await call.node.query { engine, _ in
            let spot = engine.balances(of: account, wallet: .spot).first { $0.asset == asset.id }
            return (spot?.free ?? .zero, engine.maxTransferOut(asset.id, of: account))
        }
        return .json { json in
            json.beginObject()
            json.field("amount", amount: into, of: asset)
            json.field("outAmount", amount: out, of: asset)
            json.endObject()
        }
    }

    /// 1 from the spot wallet into the margin wallet, 2 the other way.
    private static let directions: ClosedRange<Int64> = 1...2

    @Sendable static func transfer(_ call: Call) throws(APIError) -> CommandCall {
        let (account, asset, amount) = try money(call)
        let isInward = try call.parameters.integer("type", in: directions) == 1
        let order = TransferFunds(
            account: account, asset: asset, amount: amount, from: isInward ? .spot : .margin,
            to: isInward ? .margin : .spot)
        return CommandCall(command: .transfer(order)) { .transaction($0) }
    }

    @Sendable static func borrow(_ call: Call) throws(APIError) -> CommandCall {
        let (account, asset, amount) = try money(call)
        let order = BorrowFunds(account: account, asset: asset, amount: amount)
        return CommandCall(command: .borrow(order)) { .transaction($0) }
    }

    @Sendable static func repay(_ call: Call) throws(APIError) -> CommandCall {
        let (account, asset, amount) = try money(call)
        let order = RepayFunds(account: account, asset: asset, amount: amount)
        return CommandCall(command: .repay(order)) { .transaction($0) }
    }

    /// An asset or an amount that only the engine may judge is handed on as it is: which code answers depends on the
    /// wallets.
    private static func money(
        _ call: Call
    ) throws(APIError) -> (account: AccountID, asset: AssetID, amount: Units) {
        let asset = call.directory.asset(named: try call.parameters.text("asset"))
        let decimals = Int(asset?.decimals ?? UInt8(Limits.assetDecimals))
        let amount = Units(try call.parameters.units("amount", decimals: decimals))
        return (try call.account().id, asset?.id ?? AssetID(.max), amount)
    }

    // MARK: Terms

    @Sendable static func interestRate(_ call: Call) async throws -> APIResponse {
        let one = try call.parameters.text(ifGiven: "asset").map { name throws(APIError) in
            try call.directory.marginAsset(name)
        }
        let assets = one.map { [$0] } ?? call.directory.marginAssets
        let pools = try await call.node.query { engine, _ in assets.map { engine.lendingPool(of: $0.id) } }
        return .json(capacity: 64 + 160 * assets.count) { json in
            json.beginArray()
            for (asset, pool) in zip(assets, pools) {
                let daily = asset.margin?.dailyInterest ?? .zero
                json.beginObject()
                json.field("asset", asset.name)
                json.field("dailyInterestRate", rate: daily)
                json.field("yearlyInterestRate", rate: Rate(daily.raw * 365))
                json.field("freeAmount", amount: pool, of: asset)
                json.endObject()
            }
            json.endArray()
        }
    }

    @Sendable static func collateralRatio(_ call: Call) throws(APIError) -> APIResponse {
        .json { json in
            json.beginArray()
            for asset in call.directory.marginAssets {
                json.beginObject()
                json.field("asset", asset.name)
                json.field("collateralRatio", rate: asset.margin?.collateralRatio ?? .zero)
                json.endObject()
            }
            json.endArray()
        }
    }
}

extension Directory {
    /// Those that can be in a margin wallet.
    var marginAssets: [Asset] { assets.filter { $0.margin != nil } }

    func marginAsset(_ name: String) throws(APIError) -> Asset {
        guard let asset = asset(named: name), asset.margin != nil else { throw .margin(.assetNotSupported) }
        return asset
    }
}

extension APIResponse {
    /// The id of what a command moved.
    static func transaction(_ outcome: Outcome) -> APIResponse {
        guard let id = outcome.events.lazy.compactMap(\.transaction).first else { return APIResponse(.unexpected) }
        return .json { json in
            json.beginObject()
            json.field("tranId", id.raw)
            json.endObject()
        }
    }
}

extension Event {
    /// The transfer, loan or repayment that it tells of.
    fileprivate var transaction: TransactionID? {
        if case .transferred(let transfer) = self { return transfer.id }
        if case .loanTaken(let loan) = self { return loan.id }
        if case .loanRepaid(let repayment) = self { return repayment.id }
        return nil
    }
}
