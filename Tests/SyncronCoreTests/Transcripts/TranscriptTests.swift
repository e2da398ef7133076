import Foundation
import Testing

/// The stories in `Stories/`, told again. Set SYNCRON_RECORD=1 to write what the engine does now over what they say,
/// and read the difference.
@Suite("transcripts")
struct TranscriptTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Stories")

    static var stories: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }

    @Test("there are stories to tell") func thereAreStories() { #expect(TranscriptTests.stories.count >= 8) }

    @Test("a story ends as it is written", arguments: stories)
    func story(_ file: String) throws {
        let url = Self.folder.appendingPathComponent(file)
        let written = try String(contentsOf: url, encoding: .utf8)
        let told = try Transcript.record(written)
        if ProcessInfo.processInfo.environment["SYNCRON_RECORD"] == "1" {
            try told.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(told == written, "\(file) differs; record again with SYNCRON_RECORD=1 and read the difference")
    }
}
