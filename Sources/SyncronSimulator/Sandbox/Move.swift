import SyncronCore

/// Something that a simulated trader wants to do.
enum Move: Sendable, Hashable {
    case cancel(OrderState)
    case order(Roster.Role, MarketID, Side, OrderTerms)
}
