import SyncronCore

/// What an account is told about itself.
public enum UserEvent: Sendable, Hashable {
    /// An order as it stands after something happened to it.
    case order(OrderState, Execution)
    /// What the command did to the balances of one wallet but the futures wallet: one event for each account, wallet and
    /// command, behind the order events of the command.
    case balances(Wallet, [BalanceChange])
    /// Money came into the wallet or, below zero, left it, by other ways than trading. In the asset's units.
    case balanceUpdate(Wallet, AssetID, Units)
    case listenKeyExpired(String)
    /// The margin level fell to the margin call level; in parts of 10^8.
    case marginCall(level: Units?)
    /// A liquidation began, or the margin wallet is as it should be again.
    case marginStatus(MarginStatus, level: Units?)
    /// One order of a liquidation was carried out.
    case orderForced(ForcedOrder)
    case loanTaken(Loan)
    case loanRepaid(Repayment)
    /// What the command did to the futures wallet, and why: its money and its positions as they are after it.
    case futuresAccount(FuturesCause, [BalanceChange], [Position])
    /// The margin ratio of the futures wallet has come to 0.8 or more, in parts of 10^8; with its crossed positions.
    case futuresMarginCall(ratio: Units, positions: [Position])

    /// Why a futures wallet changed; of several the last of these.
    public enum FuturesCause: UInt8, Sendable, Hashable {
        /// Money went to an isolated position or came from it.
        case marginTransfer
        case deposit, withdrawal
        case funding
        case insuranceClear
        case order
    }

    /// What happened to an order. A refused order leaves no trace, here neither.
    public enum Execution: Sendable, Hashable {
        case new
        /// With what it realised, of an order of the futures wallet.
        case trade(OrderFill, realizedProfit: Units = .zero)
        case canceled
        /// By its own terms or by self-trade prevention; the order's status tells them apart.
        case expired
        /// The trigger that it waited for has fired.
        case triggered
        /// Its owner changed its price or quantity.
        case replaced
    }
}

/// One event of an account's stream.
public struct NumberedUserEvent: Sendable, Hashable {
    public var account: AccountID
    /// The account's own count, from 1 without gaps.
    public var seq: UInt64
    public var stamp: Stamp
    public var event: UserEvent

    public init(account: AccountID, seq: UInt64, stamp: Stamp, event: UserEvent) {
        self.account = account
        self.seq = seq
        self.stamp = stamp
        self.event = event
    }
}

/// A piece of an account's stream.
public struct UserStreamPage: Sendable, Hashable {
    /// The oldest event that is still kept; one above the newest when none is. Above what was asked for means that
    /// what lies between is gone.
    public var firstSeq: UInt64
    /// In order, without gaps, from what was asked for or from `firstSeq`, whichever is later.
    public var events: [NumberedUserEvent]
    /// The newest event that had happened when the page was asked for; 0 for none.
    public var lastSeq: UInt64
}
