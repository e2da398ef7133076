import SyncronCore

/// The maxima of every suffix of a sequence of prices: of each price that is followed by a higher or equal one nothing
/// is kept. For minima, negated prices go in.
struct ExtremeQueue: Equatable, Sendable {
    struct Peak: Equatable, Sendable {
        var time: Int64
        var value: Int64
    }

    /// Times rise, values fall.
    private var peaks = Ring<Peak>()

    init() {}

    /// `time` is not before any that was pushed.
    @inline(__always)
    mutating func push(_ value: Int64, at time: Int64) {
        while let last = peaks.last {
            if last.value <= value {
                peaks.removeLast()
            } else if last.time == time {
                return
            } else {
                break
            }
        }
        peaks.append(Peak(time: time, value: value))
    }

    /// The highest of all.
    var highest: Int64? { peaks.first?.value }

    /// The highest at `time` or later.
    func highest(from time: Int64) -> Int64? {
        let index = peaks.firstIndex { $0.time >= time }
        return index < peaks.count ? peaks[index].value : nil
    }

    /// Removes what is not later than `time`. The highest of it, unless a later one is at least as high.
    @inline(__always)
    mutating func removeFirst(through time: Int64) -> Int64? {
        var highest: Int64?
        while let first = peaks.first, first.time <= time {
            highest = highest ?? first.value
            peaks.removeFirst()
        }
        return highest
    }

    /// Moves the newest peak to `time` if it stands at `old`.
    mutating func retimeLast(from old: Int64, to time: Int64) {
        guard let last = peaks.last, last.time == old else { return }
        peaks[peaks.count - 1].time = time
    }
}

extension ExtremeQueue: Coded {
    func encode(into writer: inout ByteWriter) { writer.encode(peaks) }
    init(from reader: inout ByteReader) throws(CodingFailure) { peaks = try reader.decode() }
}

extension ExtremeQueue.Peak: Coded {
    func encode(into writer: inout ByteWriter) {
        writer.append(time)
        writer.append(value)
    }

    init(from reader: inout ByteReader) throws(CodingFailure) {
        time = try reader.read()
        value = try reader.read()
    }
}
