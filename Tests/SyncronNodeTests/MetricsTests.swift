import Testing

@testable import SyncronNode

@Suite("Metrics")
struct MetricsTests {
    @Test("a histogram shows cumulative buckets, their sum and their count")
    func histogram() {
        let registry = MetricRegistry()
        let histogram = registry.histogram("sizes", help: "Sizes.", labels: [("kind", "a")], buckets: .sizes)
        for value: UInt64 in [1, 2, 3, 4_096, 5_000] { histogram.record(value) }
        let lines = registry.render().split(separator: "\n")
        #expect(lines.contains("# TYPE sizes histogram"))
        #expect(lines.contains("sizes_bucket{kind=\"a\",le=\"1.0\"} 1"))
        #expect(lines.contains("sizes_bucket{kind=\"a\",le=\"4.0\"} 3"))
        #expect(lines.contains("sizes_bucket{kind=\"a\",le=\"4096.0\"} 4"))
        #expect(lines.contains("sizes_bucket{kind=\"a\",le=\"+Inf\"} 5"))
        #expect(lines.contains("sizes_sum{kind=\"a\"} 9102.0"))
        #expect(lines.contains("sizes_count{kind=\"a\"} 5"))
    }

    @Test("a latency is recorded in nanoseconds and shown in seconds")
    func latency() {
        let registry = MetricRegistry()
        let histogram = registry.histogram("wait_seconds", help: "Waiting.")
        histogram.record(100_000)
        histogram.record(100_001)
        let text = registry.render()
        #expect(text.contains("wait_seconds_bucket{le=\"0.0001\"} 1\n"))
        #expect(text.contains("wait_seconds_bucket{le=\"0.00015\"} 2\n"))
        #expect(histogram.quantile(0.5) == 100_000)
        #expect(histogram.quantile(1) == 150_000)
    }

    @Test("figures of one name and labels are one figure")
    func sameFigure() {
        let registry = MetricRegistry()
        registry.counter("refusals_total", help: "Refusals.", labels: [("code", "1008")]).add()
        registry.counter("refusals_total", help: "Refusals.", labels: [("code", "1008")]).add(2)
        registry.counter("refusals_total", help: "Refusals.", labels: [("code", "1006")]).add()
        registry.gauge("depth", help: "Depth.").set(-4)
        let text = registry.render()
        #expect(text.contains("refusals_total{code=\"1008\"} 3\n"))
        #expect(text.contains("refusals_total{code=\"1006\"} 1\n"))
        #expect(text.contains("depth -4\n"))
        #expect(text.components(separatedBy: "# TYPE refusals_total").count == 2)
    }

    @Test("a label's value cannot break out of its quotes")
    func labelValue() {
        let registry = MetricRegistry()
        registry.counter("odd_total", help: "Odd.", labels: [("text", "a\"b\\c\nd")]).add()
        #expect(registry.render().contains("odd_total{text=\"a\\\"b\\\\c\\nd\"} 1\n"))
    }
}
