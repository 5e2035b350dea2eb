import Foundation
import TestSupport
import Testing

@Suite("Unknown is never ok", .serialized)
struct ReliabilityTests {
  private static let page = Binaries.root.appendingPathComponent("docs/reliability.md")
  /// `FaultTableTests` checks the rest of the page.
  private static let rest = "\n# Faults\n"

  @Test("docs/reliability.md contains the actual result of each report for each partially read source, and none is ok")
  func matrix() async throws {
    let situations = try await Situation.all()
    let rows = Rows(situations.count)
    DispatchQueue.concurrentPerform(iterations: situations.count) { place in
      do {
        rows.set(place, try SituationRun(situations[place]).cells())
      } catch { rows.set(place, ["\(error)"]) }
    }
    let text = Self.text(situations, rows.all)
    print(text)
    for (situation, cells) in zip(situations, rows.all) where !situation.isKnown {
      #expect(cells.count == Situation.columns.count, "\(situation.name): \(cells)")
      let isWell = cells.filter(Self.isWell)
      #expect(isWell.isEmpty, "\(situation.source): \(situation.name): \(cells)")
    }
    let parts = try String(contentsOf: Self.page, encoding: .utf8).components(separatedBy: Self.rest)
    if ProcessInfo.processInfo.environment["SAGATOP_RECORD"] == "1" {
      let page = ([text] + parts.dropFirst()).joined(separator: Self.rest)
      try page.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    #expect(parts[0] == text)
  }

  private static func isWell(_ cell: String) -> Bool {
    cell.hasPrefix("0") || cell.hasSuffix(", 0") || cell.contains("OK") || cell.contains("ok") || cell.hasSuffix(", up")
      || cell.hasSuffix("●") || cell.hasSuffix("1/1")
  }

  private static func text(_ situations: [Situation], _ rows: [[String]]) -> String {
    let head = """
      # When a source is read in part

      What each report says where a source cannot be read, or only a part of it. A test makes each situation with real servers, runs each
      report, and compares what it sees with this page; `SAGATOP_RECORD=1` writes it. No cell says that all is well where that is not known:
      the exit code is 3 where a value is not known, 1 or 2 where what is known is bad already, and `--until` ends with 2 when its time is up.
      A recording does not change, so `--until` and `--watch` refuse one (64). The check has limits that nothing known reaches.
      The top line is that of the live screen; where a source breaks while it is watched it was seen in a terminal, else by `-o screen`.

      `ReliabilityTests` and `RecordedSituationsTests` are in Tests/EndToEnd/Reliability. `SilenceTests` in Tests/sagatopTests/Reliability silences one
      source of a recorded shop at a random instant, 200 times: no check is falsely ok, no condition falsely fulfilled, no count falsely exact.
      How long a source may be silent before it counts as such: Kafka and Redis 20 s; consumer groups two rounds and their deadline, 7.5 s by
      default; an instance of a service three intervals, its timeout and a second; a command that ends three intervals and five times as long as it
      ran, 10 s at least. One that says that it is down counts at once.


      """
    let sources = situations.map(\.source).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let tables = sources.map { source in
      let lines = zip(situations, rows).filter { $0.0.source == source }.map { situation, cells in
        "| \(situation.name) | `\(situation.check)` | \(cells.joined(separator: " | ")) |"
      }
      return """
        ## \(source)

        | situation | check | \(Situation.columns.joined(separator: " | ")) |
        |---|---|\(String(repeating: "---|", count: Situation.columns.count))
        \(lines.joined(separator: "\n"))

        """
    }
    return head + tables.joined(separator: "\n")
  }

  @Test("the doctor names a broker whose advertised address refuses connections")
  func doctor() throws {
    let server = try NoidaServer()
    try TestProducer(server.brokers).createTopic("order-created")
    let proxy = try DelayingProxy(to: server.port, advertised: 1)
    let run = try Run.sagatop(["doctor", "--brokers", proxy.brokers, "--preset", "spring", "--timeout", "5s"])
    #expect(run.code == 2, "\(run.output)")
    #expect(run.output.contains("advertises 127.0.0.1:1, which refuses connections"), "\(run.output)")
    #expect(run.output.contains("advertised.listeners"), "\(run.output)")
  }

  /// Thread-safe, because several threads add rows.
  private final class Rows: @unchecked Sendable {
    private let lock = NSLock()
    private var rows: [[String]]

    init(_ count: Int) { rows = Array(repeating: [], count: count) }

    func set(_ place: Int, _ cells: [String]) { lock.withLock { rows[place] = cells } }

    var all: [[String]] { lock.withLock { rows } }
  }
}
