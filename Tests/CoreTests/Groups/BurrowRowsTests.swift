import Testing

@testable import Core

/// The sixteen cases of the tests of Burrow's evaluator, as seen by a poll every two seconds. docs/lag.md has the same table and explains
/// the verdicts that differ.
@Suite("Test cases of Burrow")
struct BurrowRowsTests {
  struct Row: CustomTestStringConvertible, Sendable {
    var number: Int
    var situation: String
    /// Burrow's verdict.
    var burrow: String
    /// One commit every 8 s: the committed offset and the lag at that time.
    var commits: [(offset: Int64, lag: Int64?)]
    /// Seconds without a commit after the last one, and the log end offset during this time.
    var silence = 0
    var end: Int64?
    var members: Int? = 2
    var verdict: LagVerdict

    var testDescription: String { "\(number): \(situation)" }
  }

  private static let moving: [(offset: Int64, lag: Int64?)] = [
    (1000, 0), (2000, 50), (3000, 100), (4000, 150), (5000, 200),
  ]
  private static let behind: [(offset: Int64, lag: Int64?)] = [
    (1000, 50), (2000, 100), (3000, 150), (4000, 200), (5000, 250),
  ]
  private static let byOnes: [(offset: Int64, lag: Int64?)] = (0..<8).map { (79 + $0, 0) }

  static let rows = [
    Row(number: 0, situation: "no lag at first, a little more each time", burrow: "OK", commits: moving, verdict: .ok),
    Row(
      number: 1, situation: "the same, and no commit for a while", burrow: "OK", commits: moving, silence: 24,
      verdict: .ok),
    Row(
      number: 2, situation: "the same, and no commit for longer", burrow: "STOP", commits: moving, silence: 40,
      verdict: .stalled),
    Row(
      number: 3, situation: "lag at every commit, and no commit for long", burrow: "STOP", commits: behind, silence: 40,
      verdict: .stalled),
    Row(
      number: 3, situation: "the same where its members are not known", burrow: "STOP", commits: behind, silence: 40,
      members: nil, verdict: .stopped),
    Row(
      number: 4, situation: "the same offset each time, the lag was 0 at first", burrow: "OK",
      commits: [(1000, 0), (1000, 50), (1000, 100), (1000, 150)], verdict: .ok),
    Row(
      number: 5, situation: "the same offset each time, the lag grows", burrow: "STALL",
      commits: [(1000, 100), (1000, 150), (1000, 200), (1000, 250), (1000, 300)], verdict: .stalled),
    Row(
      number: 6, situation: "the same offset each time, the lag stays", burrow: "STALL",
      commits: Array(repeating: (1000, 100), count: 5), verdict: .stalled),
    Row(
      number: 7, situation: "the offset goes back once", burrow: "REWIND",
      commits: [(1000, 100), (2000, 150), (3000, 200), (2000, 1250), (4000, 300)], verdict: .rewound),
    Row(
      number: 8, situation: "lag at every commit, but none now", burrow: "OK", commits: behind + [(5250, 0)],
      silence: 40,
      verdict: .ok),
    Row(
      number: 9, situation: "never a lag, then much comes and nothing is committed", burrow: "STOP", commits: byOnes,
      silence: 18, end: 1017, verdict: .ok),
    Row(
      number: 9, situation: "the same, for longer than a commit may stand", burrow: "STOP", commits: byOnes,
      silence: 34,
      end: 1017, verdict: .stalled),
    Row(
      number: 10, situation: "never a lag, and one message has just come", burrow: "OK", commits: byOnes, silence: 2,
      end: 87,
      verdict: .ok),
    Row(
      number: 11, situation: "as 0, and every second look does not know the lag", burrow: "OK",
      commits: moving.flatMap { [$0, ($0.offset + 500, nil)] } + [(6000, 200)], verdict: .ok),
    Row(
      number: 13, situation: "much unread, and as much each time", burrow: "OK",
      commits: (0..<6).map { (1000 + 1000 * $0, 2421) }, verdict: .ok),
    Row(
      number: 14, situation: "seen half as long as is needed", burrow: "ERR, complete 0.5",
      commits: [(1000, 921), (1000, 1921)],
      verdict: .unknown),
  ]

  @Test("each case by its number", arguments: rows)
  func row(_ row: Row) {
    var scenario = LagScenario()
    scenario.members = row.members
    scenario.groupState = row.members == nil ? nil : .stable
    for commit in row.commits {
      for _ in 0..<4 { scenario.read(commit.offset, of: commit.lag.map { commit.offset + $0 }) }
    }
    let last = row.commits.last { $0.lag != nil }
    for _ in 0..<(row.silence / 2) {
      scenario.read(last?.offset, of: row.end ?? last.map { $0.offset + ($0.lag ?? 0) })
    }
    #expect(scenario.row.verdict == row.verdict, "\(scenario.row.reason)")
  }

  @Test("12: a group that does not exist; 15: one whose topic was deleted")
  func absent() {
    let symbols = SymbolTable()
    let key = TopicPartitionKey(topic: symbols.symbol("orders"), partition: 0)
    var state = LagState(symbols: symbols)
    let groups = [
      GroupSample(name: "ghost", state: .dead, members: [], commits: []),
      GroupSample(
        name: "shop", state: .empty, members: [], commits: [.init(topic: key.topic, partition: 0, offset: 5)]),
    ]
    let sample = LagSample(time: LagScenario.start, gone: [key], groups: groups)
    state.begin(sample, isWhole: false)
    for group in groups { state.fold(group, at: sample.time) }
    state.finish(sample)
    let rows = state.rows(now: sample.time).sorted { $0.name < $1.name }
    #expect(rows.map(\.verdict) == [.none, .none])
    #expect(rows[0].reason == "it does not exist: it has neither members nor commits")
    #expect(rows[1].reason == "orders/0 does not exist any more")
  }
}
