import Core
import Testing

@testable import Collectors

@Suite("Log lines")
struct LineReaderTests {
  private static let prefix = #"^(\[pod/(?<pod>[^/\]]+)/[^\]]*\] )?((?<time>\d{4}-\d\d-\d\dT[0-9:.]+Z) )?"#

  private func reader() throws -> LineReader {
    LineReader(
      CommandDefinition(
        name: "job", run: ["true"], prefix: Self.prefix,
        messages: [
          MessageRule(
            pattern: "=== Started ===", type: FieldSource.named("started"), begins: .init(member: "run", per: "pod")),
          MessageRule(
            pattern: "Step (?<n>\\d): (?<step>\\w+)( - (?<status>\\w+))?", type: FieldSource.named("{step} {status}")),
          MessageRule(pattern: "Step", type: nil),
        ]))
  }

  private func read(_ reader: inout LineReader, _ line: String) -> [MessageFinder.Found] {
    if case .found(let found) = reader.read(Array(line.utf8)) { found } else { [] }
  }

  @Test("the prefix of a line is stored with its message, and runs are counted per pod")
  func prefix() throws {
    var reader = try reader()
    let lines = [
      "[pod/a/main] 2026-01-27T10:00:00.123456789Z === Started ===",
      "[pod/b/main] 2026-01-27T10:00:00Z === Started ===",
      "[pod/a/main] Step 1: pay - SUCCESS", "[pod/a/main] === Started ===", "[pod/a/main] Step 1: pay - SUCCESS",
      "[pod/b/main] Step 1: pay - SUCCESS",
    ]
    let found = lines.map { read(&reader, $0).first }
    #expect(found.map { $0?.body["run"]?.text } == ["a", "b", "a", "a-2", "a-2", "b"])
    #expect(found.map { $0?.type } == ["started", "started", "pay SUCCESS", "started", "pay SUCCESS", "pay SUCCESS"])
    #expect(found[0]?.body["time"]?.text == "2026-01-27T10:00:00.123456789Z")
    #expect(found[2]?.body["line"]?.text == "Step 1: pay - SUCCESS")
  }

  @Test("without a prefix there is one run for the whole log")
  func plain() throws {
    var reader = try reader()
    let found = ["=== Started ===", "Step 1: pay - OK", "=== Started ==="].map { read(&reader, $0).first }
    #expect(found.map { $0?.body["run"]?.text } == ["job", "job", "job-2"])
  }

  @Test("if a group of the event type does not match, the next pattern is tried")
  func lacking() throws {
    var reader = try reader()
    let found = try #require(read(&reader, "Step 1: pay").first)
    #expect(found.type == nil && found.body["step"] == nil)
  }

  @Test("too long lines are truncated, and lines are complete regardless of how bytes are split")
  func splitting() {
    var splitter = LineSplitter(limit: 5)
    var lines: [String] = []
    for bytes in ["ab", "c\r\nde", "\n\nfghijklm", "nop\nq"] {
      splitter.add(bytes.utf8) { lines.append(String(decoding: $0, as: UTF8.self)) }
    }
    splitter.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
    #expect(lines == ["abc", "de", "", "fghij", "q"] && splitter.cut == 1)
  }

  @Test("the retry delay grows to a limit and is reset after success")
  func backoff() {
    var backoff = Backoff(from: .seconds(1), to: .seconds(30))
    #expect((0..<7).map { _ in backoff.next(chance: 1) } == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    backoff.reset()
    #expect(backoff.next(chance: 0) == .milliseconds(800))
  }
}
