extension Engine {
    mutating func place(_ order: OrderWithOptions) throws(Rejection) { throw .outOfPlace }
    mutating func place(_ list: PlaceOrderList) throws(Rejection) { throw .outOfPlace }
    mutating func amend(_ amendment: AmendOrder) throws(Rejection) { throw .outOfPlace }
    mutating func cancelAll(_ orders: CancelAllOrders) throws(Rejection) { throw .outOfPlace }
    mutating func set(_ countdown: SetCancelCountdown) throws(Rejection) { throw .outOfPlace }
}
