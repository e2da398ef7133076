import SyncronNode

/// What the operator sees of the streams.
struct StreamMetrics: Sendable {
    let connections: Gauge
    let deliveries: Counter
    let cutReaders: Counter

    init(_ registry: MetricRegistry) {
        connections = registry.gauge("syncron_stream_connections", help: "Open WebSocket connections.")
        deliveries = registry.counter(
            "syncron_stream_deliveries_total",
            help: "Deliveries to readers of streams: one or several messages of one stream to one connection.")
        cutReaders = registry.counter(
            "syncron_stream_cut_readers_total", help: "Connections closed because their reader was too slow.")
    }
}
