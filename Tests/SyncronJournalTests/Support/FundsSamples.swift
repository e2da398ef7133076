import SyncronCore

/// As `Samples`, of messages about withdrawals, transfers and addresses.
enum FundsSamples {
    static let withdrawal = Withdrawal(
        id: WithdrawalID(3), account: AccountID(9), asset: AssetID(4), network: "Lightning", amount: Units(1 << 80),
        fee: Units(7), address: "bc1q", txID: "0xfeed", status: .failed, clientID: "mine", reason: "no such address",
        appliedAt: Timestamp(milliseconds: 1), completedAt: Timestamp(milliseconds: 2))
    static let address = DepositAddress(
        account: AccountID(9), asset: AssetID(4), network: "Lightning", address: "bc1p")
    static let pool = LendingPool(asset: AssetID(4), amount: Units(1 << 70))

    static let commands: [Command] = [
        .requestWithdrawal(
            RequestWithdrawal(
                account: AccountID(9), asset: AssetID(4), network: "Lightning", address: "bc1q",
                amount: Units(1 << 80), clientID: "mine")),
        .cancelWithdrawal(CancelWithdrawal(account: AccountID(9), withdrawal: WithdrawalID(3))),
        .settleWithdrawal(SettleWithdrawal(withdrawal: WithdrawalID(3), txID: "0xfeed")),
        .failWithdrawal(FailWithdrawal(withdrawal: WithdrawalID(3), reason: "no such address")),
        .assignDepositAddress(address),
        .transfer(
            TransferFunds(
                account: AccountID(9), asset: AssetID(4), amount: Units(5), from: .margin, to: .futures)),
        .fundLending(pool),
        .changeAPIKey(
            ChangeAPIKey(
                account: AccountID(9), key: "k-1", name: "desk", permissions: .read, ipRestrictions: ["::1"],
                expiresAt: Timestamp(milliseconds: 5), credential: .sealedSecret([7]))),
        .changeAPIKey(ChangeAPIKey(account: AccountID(9), key: "k-1")),
        .registerLogin(RegisterLogin(email: "ada@example.org", passwordHash: "scrypt")),
        .setSecondFactor(SetSecondFactor(account: AccountID(9), secret: [1, 2, 3])),
        .setSecondFactor(SetSecondFactor(account: AccountID(9), secret: nil)),
    ]
    /// Newer than the bytes of `commands`, which stay.
    static let newerCommands: [Command] = [
        .setPassword(SetPassword(account: AccountID(9), passwordHash: "scrypt"))
    ]

    static let rejections: [Rejection] = [
        .withdrawalsDisabled, .unknownWithdrawal, .margin(.withdrawalNotPermitted), .invalid(.to),
        .insufficientForTransfer(asset: AssetID(3), required: Units(4), available: Units(-5)),
    ]

    static let events: [Event] =
        rejections.map { .rejected($0) } + [
            .withdrawalRecorded(WithdrawalRecord(withdrawal: withdrawal, debited: Units(8))),
            .depositAddressAssigned(address),
            .transferred(
                Transfer(
                    id: TransactionID(2), account: AccountID(9), asset: AssetID(4), amount: Units(5), from: .futures,
                    to: .spot, time: Timestamp(milliseconds: 6))),
            .lendingFunded(pool), .apiKeyChanged(Samples.apiKey),
            .loginChanged(
                Login(account: AccountID(9), email: "ada@example.org", passwordHash: "scrypt", secondFactor: [4])),
        ]
}
