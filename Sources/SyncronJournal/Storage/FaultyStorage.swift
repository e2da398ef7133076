import Glibc
import Synchronization

/// A disk in memory that fails on demand: power cuts that lose or tear what was not synced, flipped bits, cut
/// files, a full disk, failing writes and syncs. For tests and simulations.
public final class FaultyStorage: Storage {
    fileprivate struct Content {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        /// Written since the last sync.
        var unsynced: [Range<Int>] = []
    }

    fileprivate enum Change {
        case set(String, Int)
        case unset(String)
    }

    fileprivate struct Disk {
        var contents: [Content] = []
        var names: [StorageFolder: [String: Int]] = [:]
        var durableNames: [StorageFolder: [String: Int]] = [:]
        /// Changes of names since they were synced, in order.
        var changes: [StorageFolder: [Change]] = [:]
        var space = Int.max
        var syncsUntilFailure = Int.max
        var writesUntilFailure = Int.max
        /// Files opened before a power cut are of no use after it.
        var power = 0
        var locked = false
        var syncs = 0

        var used: Int {
            names.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + contents[$1].bytes.count } }
        }
    }

    private let disk: Mutex<Disk>

    public init() { disk = Mutex(Disk()) }

    /// How many bytes all files together may have.
    public func setSpace(_ bytes: Int) { disk.withLock { $0.space = bytes } }
    public var usedSpace: Int { disk.withLock { $0.used } }

    /// How many syncs of files were asked for.
    public var syncs: Int { disk.withLock { $0.syncs } }

    /// The next `count` syncs of files succeed, and the one after them fails. Never if nil.
    public func failSync(after count: Int?) { disk.withLock { $0.syncsUntilFailure = count ?? .max } }

    /// The next `count` writes succeed, and the one after them fails half way. Never if nil.
    public func failWrite(after count: Int?) { disk.withLock { $0.writesUntilFailure = count ?? .max } }

    /// What a file holds now.
    public func bytes(of name: String, in folder: StorageFolder) -> [UInt8]? {
        disk.withLock { disk in disk.names[folder]?[name].map { disk.contents[$0].bytes } }
    }

    /// Changes a file behind the back of all who use it, durably.
    public func change(_ name: String, in folder: StorageFolder, _ body: (inout [UInt8]) -> Void) {
        disk.withLock { disk in
            guard let index = disk.names[folder]?[name] else { return }
            body(&disk.contents[index].bytes)
            disk.contents[index].durable = disk.contents[index].bytes
            disk.contents[index].unsynced = []
        }
    }

    /// A disk with the same files, all of them durable, and no faults.
    public func copy() -> FaultyStorage {
        let (contents, names) = disk.withLock { ($0.contents, $0.names) }
        let other = FaultyStorage()
        other.disk.withLock { disk in
            disk.contents = contents.map { Content(bytes: $0.bytes, durable: $0.bytes) }
            disk.names = names
            disk.durableNames = names
        }
        return other
    }

    /// Cuts the power and gives it back. Of what was not synced, each sector and each change of a name is kept or
    /// lost as the seed has it; names in order. Open files and locks are gone.
    public func cutPower(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let share = [0, 1, 50, 99, 100].randomElement(using: &generator) ?? 50
        disk.withLock { disk in
            for index in disk.contents.indices { disk.contents[index].losePower(&generator, kept: share) }
            for folder in StorageFolder.allCases {
                let changes = disk.changes[folder] ?? []
                let kept = Int.random(in: 0...changes.count, using: &generator)
                for change in changes.prefix(kept) { change.apply(to: &disk.durableNames[folder, default: [:]]) }
                disk.changes[folder] = []
            }
            disk.names = disk.durableNames
            disk.power += 1
            disk.locked = false
        }
    }

    public func names(in folder: StorageFolder) throws(JournalFailure) -> [String] {
        disk.withLock { ($0.names[folder] ?? [:]).keys.sorted() }
    }

    public func openForReading(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        try open(name, in: folder)
    }

    public func openForWriting(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        try open(name, in: folder)
    }

    public func create(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        disk.withLock { disk in
            disk.contents.append(Content())
            disk.change(.set(name, disk.contents.count - 1), in: folder)
        }
        return try open(name, in: folder)
    }

    public func rename(_ name: String, to other: String, in folder: StorageFolder) throws(JournalFailure) {
        let isThere = disk.withLock { disk in
            guard let index = disk.names[folder]?[name] else { return false }
            disk.change(.set(other, index), in: folder)
            disk.change(.unset(name), in: folder)
            return true
        }
        if !isThere { throw .io(operation: "renaming", file: "\(folder.rawValue)/\(name)", code: ENOENT) }
    }

    public func remove(_ name: String, in folder: StorageFolder) throws(JournalFailure) {
        disk.withLock { $0.change(.unset(name), in: folder) }
    }

    public func syncNames(in folder: StorageFolder) throws(JournalFailure) {
        disk.withLock { disk in
            disk.durableNames[folder] = disk.names[folder]
            disk.changes[folder] = []
        }
    }

    public func lock() throws(JournalFailure) -> any StorageLock {
        let power: Int? = disk.withLock { disk in
            if disk.locked { return nil }
            disk.locked = true
            return disk.power
        }
        guard let power else { throw .locked(file: "lock") }
        return Lock(storage: self, power: power)
    }

    private func open(_ name: String, in folder: StorageFolder) throws(JournalFailure) -> any StorageFile {
        let shown = "\(folder.rawValue)/\(name)"
        let found: (Int, Int)? = disk.withLock { disk in disk.names[folder]?[name].map { ($0, disk.power) } }
        guard let found else { throw .io(operation: "opening", file: shown, code: ENOENT) }
        return File(storage: self, index: found.0, power: found.1, name: shown)
    }

    private final class Lock: StorageLock {
        let storage: FaultyStorage
        let power: Int

        init(storage: FaultyStorage, power: Int) {
            self.storage = storage
            self.power = power
        }

        deinit { storage.disk.withLock { if $0.power == power { $0.locked = false } } }
    }

    private final class File: StorageFile {
        let storage: FaultyStorage
        let index: Int
        let power: Int
        let name: String

        init(storage: FaultyStorage, index: Int, power: Int, name: String) {
            self.storage = storage
            self.index = index
            self.power = power
            self.name = name
        }

        func size() throws(JournalFailure) -> Int {
            storage.disk.withLock { $0.contents[index].bytes.count }
        }

        func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(JournalFailure) -> Int {
            storage.disk.withLock { disk in
                let bytes = disk.contents[index].bytes
                guard offset < bytes.count else { return 0 }
                let count = min(buffer.count, bytes.count - offset)
                buffer.copyBytes(from: bytes[offset..<offset + count])
                return count
            }
        }

        func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalFailure) {
            try check(storage.disk.withLock { $0.write(Array(bytes), to: index, at: offset, power: power) })
        }

        func fillWithZeros(upTo length: Int) throws(JournalFailure) {
            try check(storage.disk.withLock { $0.fill(index, upTo: length, power: power) })
        }

        func sync() throws(JournalFailure) {
            try check(storage.disk.withLock { $0.sync(index, power: power) })
        }

        private func check(_ code: Int32) throws(JournalFailure) {
            if meansNoSpace(code) { throw .noSpace(file: name) }
            if code != 0 { throw .io(operation: "using", file: name, code: code) }
        }
    }
}

extension FaultyStorage.Change {
    fileprivate func apply(to names: inout [String: Int]) {
        switch self {
        case .set(let name, let index): names[name] = index
        case .unset(let name): names[name] = nil
        }
    }
}

extension FaultyStorage.Content {
    fileprivate mutating func losePower(_ generator: inout SeededGenerator, kept percent: Int) {
        for range in unsynced {
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(range.upperBound, (start / Sector.size + 1) * Sector.size)
                if Int.random(in: 0..<100, using: &generator) < percent {
                    if durable.count < end { durable += [UInt8](repeating: 0, count: end - durable.count) }
                    durable[start..<end] = bytes[start..<end]
                }
                start = end
            }
        }
        bytes = durable
        unsynced = []
    }
}

/// Each returns an `errno`, or 0.
extension FaultyStorage.Disk {
    fileprivate mutating func change(_ change: FaultyStorage.Change, in folder: StorageFolder) {
        change.apply(to: &names[folder, default: [:]])
        changes[folder, default: []].append(change)
    }

    fileprivate mutating func write(_ bytes: [UInt8], to index: Int, at offset: Int, power: Int) -> Int32 {
        guard power == self.power else { return EIO }
        let end = offset + bytes.count
        let growth = max(0, end - contents[index].bytes.count)
        guard growth == 0 || used + growth <= space else { return ENOSPC }
        contents[index].bytes += [UInt8](repeating: 0, count: growth)
        writesUntilFailure -= 1
        let count = writesUntilFailure < 0 ? bytes.count / 2 : bytes.count
        contents[index].bytes.replaceSubrange(offset..<offset + count, with: bytes[..<count])
        contents[index].unsynced.append(offset..<offset + count)
        return writesUntilFailure < 0 ? EIO : 0
    }

    fileprivate mutating func fill(_ index: Int, upTo length: Int, power: Int) -> Int32 {
        guard power == self.power else { return EIO }
        let growth = max(0, length - contents[index].bytes.count)
        guard used + growth <= space else { return ENOSPC }
        contents[index].bytes += [UInt8](repeating: 0, count: growth)
        contents[index].durable += [UInt8](repeating: 0, count: max(0, length - contents[index].durable.count))
        return 0
    }

    fileprivate mutating func sync(_ index: Int, power: Int) -> Int32 {
        guard power == self.power else { return EIO }
        syncs += 1
        syncsUntilFailure -= 1
        guard syncsUntilFailure >= 0 else { return EIO }
        contents[index].durable = contents[index].bytes
        contents[index].unsynced = []
        return 0
    }
}
