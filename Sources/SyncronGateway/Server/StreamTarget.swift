/// What an admitted WebSocket is for. The transport hands it from `admit` to `makeHandler` and never looks inside.
public struct StreamTarget: Sendable, Hashable {
    /// The streams subscribed to from the start, as named in the path or query.
    public var streams: [String]
    /// Whether events are wrapped as `{"stream", "data"}`.
    public var isCombined: Bool
    /// The listen key of a user stream.
    public var listenKey: String?
    /// The first event wanted of a user stream.
    public var fromSequence: UInt64?

    public init(
        streams: [String] = [], isCombined: Bool = false, listenKey: String? = nil, fromSequence: UInt64? = nil
    ) {
        self.streams = streams
        self.isCombined = isCombined
        self.listenKey = listenKey
        self.fromSequence = fromSequence
    }
}
