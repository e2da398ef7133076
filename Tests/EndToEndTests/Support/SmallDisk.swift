import Foundation

/// A file system in memory with room for a few segments, and a file that takes what is left of it.
final class SmallDisk: Sendable {
    let path: String
    private var filler: String { path + "/filler" }

    /// Mounting takes rights that a test run may not have.
    static let isPossible: Bool = (try? SmallDisk(mebibytes: 1)) != nil

    init(mebibytes: Int) throws {
        path = NSTemporaryDirectory() + "syncron-disk-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mount = try? run(
            URL(fileURLWithPath: "/bin/mount"), ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "tmpfs", path])
        guard let mount, mount.status == 0 else {
            try? FileManager.default.removeItem(atPath: path)
            throw ExchangeProcess.Failure(description: mount?.output ?? "no mount here")
        }
    }

    deinit {
        _ = try? run(URL(fileURLWithPath: "/bin/umount"), ["--lazy", path])
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Takes all that is free.
    func fill() {
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(file) }
        let zeros = [UInt8](repeating: 0, count: 4_096)
        while write(file, zeros, zeros.count) > 0 {}
    }

    func free() throws { try FileManager.default.removeItem(atPath: filler) }
}
