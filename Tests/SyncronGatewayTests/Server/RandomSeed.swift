import Foundation

/// The seed of a test with random input: `SYNCRON_SEED`, so that a failure can be had again, or a new one, which is
/// printed.
enum RandomSeed {
    static func next(_ test: String = #function) -> UInt64 {
        if let seed = ProcessInfo.processInfo.environment["SYNCRON_SEED"].flatMap({ UInt64($0) }) { return seed }
        let seed = UInt64.random(in: 0...UInt64.max)
        print("\(test): SYNCRON_SEED=\(seed)")
        return seed
    }
}
