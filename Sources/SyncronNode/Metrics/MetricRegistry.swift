import Synchronization

/// The figures that the exchange shows to whoever watches it. Registering takes a lock; counting never does.
public final class MetricRegistry: Sendable {
    /// Figures of one name, told apart by their labels.
    private struct Family {
        var help: String
        var kind: String
        var series: [String: any Metric] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    public init() {}

    /// The counter of that name and those labels; the same one each time.
    public func counter(_ name: String, help: String, labels: [(String, String)] = []) -> Counter {
        register(name, help: help, kind: "counter", labels: labels) { Counter() }
    }

    /// The gauge of that name and those labels; the same one each time.
    public func gauge(_ name: String, help: String, labels: [(String, String)] = []) -> Gauge {
        register(name, help: help, kind: "gauge", labels: labels) { Gauge() }
    }

    /// A gauge that is read when it is shown.
    public func gauge(
        _ name: String, help: String, labels: [(String, String)] = [], read: @escaping @Sendable () -> Double
    ) {
        _ = register(name, help: help, kind: "gauge", labels: labels) { ReadGauge(read) }
    }

    /// The histogram of that name and those labels; the same one each time.
    public func histogram(
        _ name: String, help: String, labels: [(String, String)] = [], buckets: HistogramBuckets = .latency
    ) -> Histogram {
        register(name, help: help, kind: "histogram", labels: labels) { Histogram(buckets) }
    }

    /// All figures as Prometheus text, by name.
    public func render() -> String {
        var text = ""
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(family.help)\n# TYPE \(name) \(family.kind)\n"
            for (labels, metric) in family.series.sorted(by: { $0.key < $1.key }) {
                metric.render(name, labels, into: &text)
            }
        }
        return text
    }

    private func register<M: Metric>(
        _ name: String, help: String, kind: String, labels: [(String, String)], make: @Sendable () -> M
    ) -> M {
        let key = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        return families.withLock { families in
            var family = families[name] ?? Family(help: help, kind: kind)
            if let known = family.series[key] as? M { return known }
            precondition(family.series[key] == nil && family.kind == kind, "\(name) is registered as another kind")
            let metric = make()
            family.series[key] = metric
            families[name] = family
            return metric
        }
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }
}

/// Something that can be shown as lines of Prometheus text.
protocol Metric: AnyObject, Sendable {
    /// `labels` is what stands between the braces, without them.
    func render(_ name: String, _ labels: String, into text: inout String)
}

func metricLine(_ name: String, _ labels: String, _ value: String) -> String {
    labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
}
