/// What the node counts and measures.
public struct NodeMetrics: Sendable {
    /// Where others register figures of their own.
    public let registry: MetricRegistry
    /// From a command's arrival to its answer.
    public let ack: Histogram
    public let journalSync: Histogram
    /// The engine and the views in memory, for a whole batch.
    public let engineApply: Histogram
    public let batchSize: Histogram
    public let commands: Counter
    public let events: Counter
    public let snapshots: Counter

    private let refusals: [Unavailable: Counter]

    init(_ registry: MetricRegistry = MetricRegistry()) {
        self.registry = registry
        ack = registry.histogram(
            "syncron_ack_seconds", help: "Time from the arrival of a command to its durable answer.")
        journalSync = registry.histogram("syncron_journal_sync_seconds", help: "Time of one sync of the journal.")
        engineApply = registry.histogram(
            "syncron_engine_apply_seconds", help: "Time to apply one batch of commands and fold its events.")
        batchSize = registry.histogram(
            "syncron_batch_commands", help: "Commands that became durable together.", buckets: .sizes)
        commands = registry.counter("syncron_commands_total", help: "Commands applied since the start.")
        events = registry.counter("syncron_events_total", help: "Events since the start.")
        snapshots = registry.counter("syncron_snapshots_total", help: "Snapshots made since the start.")
        let reasons: [(Unavailable, String)] = [
            (.inboxFull, "inbox_full"), (.stopping, "stopping"), (.noSpace, "no_space"),
            (.historyBehind, "history_behind"), (.notManual, "not_manual"),
        ]
        refusals = Dictionary(
            uniqueKeysWithValues: reasons.map { reason, name in
                let counter = registry.counter(
                    "syncron_unavailable_total", help: "Requests that the node could not take, by reason.",
                    labels: [("reason", name)])
                return (reason, counter)
            })
    }

    func count(_ refusal: Unavailable) { refusals[refusal]?.add() }
}
