import SyncronCore

/// What stands at one price.
public struct PriceLevel: Hashable, Sendable {
    public var price: Ticks
    public var quantity: Steps

    public init(price: Ticks, quantity: Steps) {
        self.price = price
        self.quantity = quantity
    }
}
