import Testing
import Text

@testable import Core

@Suite("Verdicts on consumer groups")
struct LagVerdictTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var why: String
    var rounds: [(Int64?, Int64?)]
    var members: Int? = 2
    var start: Int64? = 0
    var verdict: LagVerdict
    var says = ""

    var testDescription: String { why }
  }

  /// `count` polls. `round` maps a poll's number to committed offset and log end offset.
  private static func rounds(_ count: Int, _ round: (Int64) -> (Int64?, Int64?)) -> [(Int64?, Int64?)] {
    (0..<Int64(count)).map(round)
  }

  static let cases: [Case] = [
    Case(
      why: "everything is read: fine, at the first reading", rounds: [(10, 10)], verdict: .ok,
      says: "everything is read"),
    Case(
      why: "of members that committed nothing is not known what they read", rounds: [(nil, 500)], verdict: .unknown,
      says: "500"),
    Case(
      why: "a group without members that committed nothing reads nothing", rounds: [(nil, 500)], members: 0,
      verdict: .none, says: "500"),
    Case(
      why: "one reading with unread messages says nothing of the group", rounds: [(5, 10)], verdict: .unknown,
      says: "5 unread"),
    Case(why: "a commit that moves is a group that reads", rounds: [(5, 10), (9, 14)], verdict: .ok, says: "5 unread"),
    Case(
      why: "an idle topic whose last messages are read stays fine for ever", rounds: rounds(60) { _ in (10, 10) },
      verdict: .ok),
    Case(
      why: "no members and unread messages: nobody will read them, at the first reading", rounds: [(5, 10)], members: 0,
      verdict: .empty, says: "no members; 5 unread"),
    Case(why: "no members and nothing unread: a job between two runs", rounds: [(10, 10)], members: 0, verdict: .ok),
    Case(
      why: "members, messages come, the commit stands: stalled, whatever it commits",
      rounds: rounds(20) { (5, 10 + $0) },
      verdict: .stalled, says: "stands at 5"),
    Case(
      why: "members, no messages come, the commit stands before the end: stalled all the same",
      rounds: rounds(20) { _ in (5, 10) }, verdict: .stalled, says: "5 unread"),
    Case(
      why: "the commit stands and who the members are is not known", rounds: rounds(20) { (5, 10 + $0) }, members: nil,
      verdict: .stopped),
    Case(
      why: "ten seconds of standing are too little evidence", rounds: rounds(5) { (5, 10 + $0) }, verdict: .unknown,
      says: "did not move"),
    Case(
      why: "a group that commits once a minute is not dead after forty seconds",
      rounds: rounds(110) { round in (round / 30 * 300 + 1, round * 10 + 20) }, verdict: .ok),
    Case(
      why: "lag that grows all the time", rounds: rounds(15) { ($0 * 10, $0 * 20) }, verdict: .warning,
      says: "lag grows by 5.0/s"),
    Case(
      why: "lag that grows but fell once: Burrow calls it fine",
      rounds: rounds(15) { round in (round * 10 + (round == 7 ? 70 : 0), round * 20) }, verdict: .rewound),
    Case(
      why: "growing lag with one good commit in between still grows",
      rounds: rounds(15) { round in (round == 7 ? 110 : round * 10 + (round > 7 ? 45 : 0), round * 20) },
      verdict: .warning),
    Case(
      why: "a burst that is being worked off is no growth",
      rounds: rounds(20) { ($0 < 8 ? 100 : 100 + ($0 - 7) * 120, $0 < 8 ? 100 : 1900) }, verdict: .ok),
    Case(
      why: "a group that commits in bursts has a lag like a saw, which does not grow",
      rounds: rounds(24) { round in (round / 3 * 30, round * 10 + 5) }, verdict: .ok),
    Case(
      why: "large lag that shrinks is being worked off", rounds: rounds(15) { ($0 * 100, 5000 + $0) }, verdict: .ok),
    Case(
      why: "a commit that went back, although later ones go forward again",
      rounds: [(100, 100), (20, 100), (30, 100), (40, 100)], verdict: .rewound, says: "went back by 80 messages"),
    Case(
      why: "of several drops the last counts", rounds: [(100, 100), (20, 100), (90, 100), (50, 100)], verdict: .rewound,
      says: "went back by 40"),
    Case(
      why: "a reset is over when it is past the old place and a window is gone",
      rounds: [(100, 100), (20, 100)] + rounds(20) { _ in (100, 100) }, verdict: .ok),
    Case(
      why: "messages were deleted before they were read", rounds: [(5, 100)], start: 40, verdict: .truncated,
      says: "35 messages were deleted"),
    Case(
      why: "what was deleted is still told when the group has gone on",
      rounds: [(5, 100)] + rounds(60) { (50 + $0, 100 + $0) }, start: 40, verdict: .truncated,
      says: "35 messages were deleted before it read them: it had committed 5, the log started at 40 (until 2m00s ago)"),
    Case(
      why: "ten minutes later it is told no more", rounds: [(5, 100)] + rounds(310) { (50 + $0, 100 + $0) }, start: 40,
      verdict: .ok),
    Case(
      why: "what was deleted is told beside a graver verdict", rounds: rounds(20) { (5, 100 + $0) }, start: 40,
      verdict: .stalled, says: "; 35 messages were deleted before it read them"),
    Case(
      why: "the topic was deleted and made anew: the end went back", rounds: [(100, 100), (100, 3)],
      verdict: .recreated,
      says: "it had ended at 100, now at 3"),
    Case(
      why: "a commit beyond the end, seen for the first time", rounds: [(100, 3)], verdict: .recreated,
      says: "ends at 3"),
    Case(
      why: "after a topic was made anew, a group that reads it is fine again",
      rounds: [(100, 100), (100, 3)] + rounds(6) { ($0 + 3, $0 + 3) } + rounds(20) { ($0 + 9, $0 + 9) }, verdict: .ok),
    Case(why: "without a log end offset nothing can be said", rounds: [(5, nil)], verdict: .unknown, says: "not known"),
    Case(
      why: "it stands and then reads on: fine after two rounds",
      rounds: rounds(20) { (5, 10 + $0) } + [(29, 30), (31, 31)],
      verdict: .ok),
    Case(
      why: "one good round is not enough to be fine again", rounds: rounds(20) { (5, 10 + $0) } + [(29, 30)],
      verdict: .stalled),
  ]

  @Test("each rule with its reason", arguments: cases)
  func verdict(_ testCase: Case) {
    var scenario = LagScenario()
    scenario.members = testCase.members
    scenario.groupState = testCase.members.map { $0 == 0 ? .empty : .stable }
    scenario.logStart = testCase.start
    scenario.read(testCase.rounds)
    let partition = scenario.partition
    #expect(partition.verdict == testCase.verdict, "\(partition.reason)")
    #expect(partition.reason.contains(testCase.says), "\(partition.reason)")
    #expect(partition.lag.value ?? 0 >= 0)
  }

  @Test("an allowed lag in messages or time is no trouble")
  func allowance() throws {
    let few = [(try NamePattern("sh*"), LagRules.Allowance(messages: 50))]
    var scenario = LagScenario(allowances: few)
    scenario.members = 0
    scenario.read(5, of: 50)
    #expect(scenario.row.verdict == .ok)
    scenario.read(5, of: 60)
    #expect(scenario.row.verdict == .empty)
    var other = LagScenario(allowances: [(try NamePattern("other"), LagRules.Allowance(messages: 50))])
    other.members = 0
    other.read(5, of: 50)
    #expect(other.row.verdict == .empty)
    var young = LagScenario(allowances: [(try NamePattern("*"), LagRules.Allowance(age: .seconds(10)))])
    young.members = 0
    young.read([(5, 5), (5, 9)])
    #expect(young.row.verdict == .ok)
    for _ in 0..<10 { young.read(5, of: 9) }
    #expect(young.row.verdict == .empty)
  }

  @Test("a rebalancing group reports since when, and how often its members changed")
  func rebalancing() {
    var scenario = LagScenario()
    scenario.read(5, of: 5)
    #expect(scenario.row.rebalancing == nil)
    scenario.groupState = .preparingRebalance
    scenario.read(5, of: 5)
    let since = scenario.now
    for members in [3, 2, 2] {
      scenario.members = members
      scenario.read(5, of: 5)
    }
    #expect(scenario.row.rebalancing == .init(since: since, changes: 2))
    scenario.groupState = .stable
    scenario.read(5, of: 5)
    #expect(scenario.row.rebalancing == nil)
  }

  @Test("a group that reads one partition is not ok while another partition is too new to judge")
  func tooNew() {
    let symbols = SymbolTable()
    let topic = symbols.symbol("orders")
    var state = LagState(symbols: symbols)
    for round in Int64(0)..<2 {
      let commits = [
        GroupSample.Commit(topic: topic, partition: 0, offset: 5 + round),
        .init(topic: topic, partition: 1, offset: 7),
      ]
      let group = GroupSample(name: "shop", state: .stable, commits: commits)
      let reading = LagSample(
        time: LagScenario.start + .seconds(round),
        partitions: (0..<2).map { PartitionOffsets(topic: topic, partition: $0, start: 0, end: 10) }, groups: [group])
      state.begin(reading, isWhole: false)
      state.fold(group, at: reading.time)
      state.finish(reading)
    }
    let view = state.group("shop", now: LagScenario.start + .seconds(1))
    #expect(view?.row.verdict == .unknown)
    #expect(view?.partitions.map(\.verdict) == [.unknown, .ok])
  }

  @Test("without members, messages of a never committed partition are unread: the group is not ok")
  func halfCommitted() {
    let symbols = SymbolTable()
    let topic = symbols.symbol("orders")
    var state = LagState(symbols: symbols)
    let commits = [
      GroupSample.Commit(topic: topic, partition: 0, offset: 10), .init(topic: topic, partition: 1, offset: nil),
    ]
    let group = GroupSample(name: "shop", state: .empty, members: [], commits: commits)
    let reading = LagSample(
      time: LagScenario.start,
      partitions: (0..<2).map { PartitionOffsets(topic: topic, partition: $0, start: 0, end: 10) }, groups: [group])
    state.begin(reading, isWhole: false)
    state.fold(group, at: reading.time)
    state.finish(reading)
    let row = state.group("shop", now: LagScenario.start)?.row
    #expect(row?.verdict == .unknown && row?.lag.value == nil)
    #expect(row?.reason == "lag of 1 of 2 partitions of shop is not known: it was never committed")
  }

  @Test("one missing last stable offset does not end a transaction; several do")
  func missedStableOffset() {
    var log = PartitionLog()
    func note(_ stable: Int64?, _ second: Int64) {
      log.note(
        PartitionOffsets(topic: Symbol(number: 1), partition: 0, start: 0, end: 20, stable: stable),
        at: LagScenario.start + .seconds(second))
    }
    note(12, 0)
    note(nil, 2)
    #expect(log.open?.offset == 12 && log.open?.since == LagScenario.start && log.stable == nil)
    note(nil, 31)
    #expect(log.open == nil)
    note(20, 33)
    #expect(log.open == nil && log.stable == 20)
  }

  @Test("if a last stable offset was known before, an end without one proves nothing: a transaction may be open")
  func unsettled() {
    for answers in [true, false] {
      let symbols = SymbolTable()
      let topic = symbols.symbol("orders")
      var state = LagState(symbols: symbols)
      state.note(LagScenario.start, of: Origin(topic: topic, partition: 0, offset: 9))
      for round in Int64(0)..<20 {
        let group = GroupSample(
          name: "shop", state: .stable, commits: [.init(topic: topic, partition: 0, offset: 10)])
        let offsets = PartitionOffsets(
          topic: topic, partition: 0, start: 0, end: 15, stable: round == 0 || answers ? 15 : nil)
        let reading = LagSample(
          time: LagScenario.start + .seconds(round * 2), partitions: [offsets], groups: [group])
        state.begin(reading, isWhole: true)
        state.fold(group, at: reading.time)
        state.finish(reading)
      }
      let lag = state.group("shop", now: LagScenario.start + .seconds(38))?.row.lag
      #expect(lag == (answers ? .exact(0) : .exact(5)))
    }
  }

  @Test("a deleted group is forgotten")
  func deleted() {
    var scenario = LagScenario()
    scenario.read(5, of: 5)
    let reading = LagSample(time: scenario.now + .seconds(2))
    scenario.state.begin(reading, isWhole: false)
    scenario.state.finish(reading)
    #expect(scenario.state.groupSums(isCurrent: true).total == 0)
    #expect(scenario.state.group("shop", now: scenario.now) == nil)
  }
}
