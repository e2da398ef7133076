/// What a perpetual's market has beside its book.
struct PerpetualState: ~Copyable {
    /// Zero before there is an index price.
    var mark = Ticks.zero
    /// The last samples of bid + ask - 2 × index, in parts of 10^-8, the oldest first.
    var basis: [Int64] = []
    /// Σ k × premium of the k-th sample since the last funding, in parts of 10^-16.
    var premiumSum: Int128 = 0
    var premiumCount: Int64 = 0
    /// Of the last funding; and how many there have been.
    var lastFundingRate = Rate.zero
    var fundings: UInt32 = 0
    /// The mark that the last funding is settled at.
    var fundingMark = Ticks.zero
    /// Steps of all long positions together.
    var openInterest = Steps.zero
    /// What the insurance fund has taken over.
    var fund = Holding()
    /// Orders that wait for the mark.
    var markTriggers = TriggerBook()
    /// Orders that wait for the last price or the mark, and for the two to be within 5 % of each other.
    var protectedTriggers = TriggerBook()
    var protectedMarkTriggers = TriggerBook()
    /// By account and side: how much a resting order may still reduce. Only kept of perpetuals.
    let reducible: Slab<Int64>

    static let samples = 30
    static let sampleInterval: Int64 = 5_000
    /// A rate and a premium are parts of 10^8 and of 10^16.
    static let premiumScale: Int128 = 10_000_000_000_000_000

    init(accounts: Int) { reducible = Slab(capacity: (accounts + 1) * 2) }

    static func counter(_ account: AccountID, _ side: PositionSide) -> Int {
        account.index << 1 | FuturesEntry.index(side)
    }

    var digest: UInt64 {
        var part = PartDigest(kind: 52)
        part.add(mark.raw)
        for sample in basis { part.add(sample) }
        part.add(Units(premiumSum))
        part.add(premiumCount)
        part.add(lastFundingRate.raw)
        part.add(UInt64(fundings))
        part.add(fundingMark.raw)
        part.add(openInterest.raw)
        part.add(fund.quantity.raw)
        part.add(fund.cost)
        return part.value
    }
}

/// Brackets with what follows from their rows.
struct Brackets {
    struct Row {
        var floor: Units
        var cap: Units
        var maxLeverage: UInt8
        var maintenance: Rate
        /// What makes the maintenance of one row begin where that of the row below ends.
        var cum: Units
    }

    private(set) var rows: [Row] = []

    init(_ terms: PerpetualTerms) {
        var (floor, cum, rate) = (Units.zero, Units.zero, Rate.zero)
        for bracket in terms.brackets {
            cum += Rate(bracket.maintenance.raw - rate.raw).roundedDown(of: floor)
            rows.append(
                Row(
                    floor: floor, cap: bracket.cap, maxLeverage: bracket.maxLeverage,
                    maintenance: bracket.maintenance, cum: cum))
            (floor, rate) = (bracket.cap, bracket.maintenance)
        }
    }

    /// The row of a notional; beyond the last, the last.
    func row(of notional: Units) -> Row { rows.first { notional <= $0.cap } ?? rows[rows.count - 1] }

    /// What must remain of the margin of so much, rounded up.
    func maintenance(of notional: Units) -> Units {
        guard notional > .zero else { return .zero }
        let row = row(of: notional)
        return max(.zero, row.maintenance.roundedUp(of: notional) - row.cum)
    }

    /// The highest notional at a leverage.
    func cap(at leverage: UInt8) -> Units { rows.last { $0.maxLeverage >= leverage }?.cap ?? .zero }

    var maxLeverage: UInt8 { rows[0].maxLeverage }
}
