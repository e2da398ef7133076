import Foundation

/// What a figure must not fall below, or not exceed.
struct Threshold {
    enum Bound {
        case atLeast(Double)
        case atMost(Double)
    }

    let figure: String
    let value: Double
    let bound: Bound

    init(_ figure: String, _ value: Double, _ bound: Bound) {
        self.figure = figure
        self.value = value
        self.bound = bound
    }

    var isReached: Bool {
        switch bound {
        case .atLeast(let least): value >= least
        case .atMost(let most): value <= most
        }
    }

    var line: String {
        let words =
            switch bound {
            case .atLeast(let least): "at least \(Self.text(least))"
            case .atMost(let most): "at most \(Self.text(most))"
            }
        let verdict = isReached ? "reached" : "missed"
        return OutputForm.columns((figure, 44), (Self.text(value), 12), (words, 20)) + verdict
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: value < 10 ? "%.2f" : "%.1f", value)
    }
}
