import Synchronization

/// A number that only grows.
public final class Counter: Metric {
    private let count = Atomic<UInt64>(0)

    init() {}

    public func add(_ amount: UInt64 = 1) { count.wrappingAdd(amount, ordering: .relaxed) }

    public var value: UInt64 { count.load(ordering: .relaxed) }

    func render(_ name: String, _ labels: String, into text: inout String) {
        text += metricLine(name, labels, String(value))
    }
}

/// A number that comes and goes.
public final class Gauge: Metric {
    private let current = Atomic<Int64>(0)

    init() {}

    public func set(_ value: Int64) { current.store(value, ordering: .relaxed) }
    public func add(_ amount: Int64) { current.wrappingAdd(amount, ordering: .relaxed) }

    public var value: Int64 { current.load(ordering: .relaxed) }

    func render(_ name: String, _ labels: String, into text: inout String) {
        text += metricLine(name, labels, String(value))
    }
}

/// A gauge whose number stands elsewhere.
final class ReadGauge: Metric {
    private let read: @Sendable () -> Double

    init(_ read: @escaping @Sendable () -> Double) { self.read = read }

    func render(_ name: String, _ labels: String, into text: inout String) {
        text += metricLine(name, labels, String(read()))
    }
}
