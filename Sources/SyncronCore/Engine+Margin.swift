extension Engine {
    mutating func borrow(_ order: BorrowFunds) throws(Rejection) { throw .outOfPlace }
    mutating func repay(_ order: RepayFunds) throws(Rejection) { throw .outOfPlace }
    mutating func set(_ prices: SetIndexPrices) throws(Rejection) { throw .outOfPlace }
    mutating func fund(_ fund: InsuranceFund) throws(Rejection) { throw .outOfPlace }

    /// The account's margin wallet; nil before the first transfer into it.
    public func marginReading(of account: AccountID) -> MarginReading? { nil }
    /// The most of the asset that a loan would be granted for; zero without an index price.
    public func maxBorrowable(_ asset: AssetID, by account: AccountID) -> Units { .zero }
    /// The most of the asset that could leave the margin wallet.
    public func maxTransferOut(_ asset: AssetID, of account: AccountID) -> Units { .zero }
    /// What is left to lend of the asset.
    public func lendingPool(of asset: AssetID) -> Units { .zero }
    /// What the asset is worth, for margin and as the index of perpetuals; nil before it is known.
    public func indexPrice(of asset: AssetID) -> IndexPrice? { nil }
    /// Why the account may not borrow so much; nil if it may.
    public func check(_ order: BorrowFunds) -> Rejection? { nil }
    /// What an open order has beyond its terms; nil of one that has nothing.
    public func marginTerms(of order: OrderID) -> MarginOrderTerms? { nil }
}
