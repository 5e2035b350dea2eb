import Testing

@testable import Core

@Suite("Health")
struct FlowHealthTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)

  private static func source(_ kind: SourceKind, _ phase: SourceStatus.Phase = .up) -> SourceStatus {
    var source = SourceStatus(kind, phase: phase)
    source.isComplete = true
    source.lastSuccess = now
    return source
  }

  /// A system with a normal flow of sagas, modified by `change`.
  private static func inputs(_ change: (inout CheckInputs) -> Void = { _ in }) -> CheckInputs {
    var total = TypeView(type: "")
    (total.startRate, total.endRate, total.lastEnd) = (8, 8, now - .seconds(1))
    (total.recentEnds, total.recentCompletions) = (1000, 960)
    var inputs = CheckInputs(
      now: now, sources: [.kafka, .lag, .redis, .services].map { source($0) }, overview: OverviewView(total: total),
      lag: groups([.ok]), locks: LockList(readAt: now),
      services: ServiceList(of: [ServiceRow(name: "payment", verdict: .up)]))
    change(&inputs)
    return inputs
  }

  private static func groups(_ verdicts: [LagVerdict]) -> GroupList {
    let rows = verdicts.enumerated().map { GroupRow(name: "g\($0)", verdict: $1) }
    return GroupList(
      ListWindow(rows), counts: Dictionary(grouping: verdicts, by: { $0 }).mapValues(\.count), readAt: now)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var state: CheckState
    var sentence: String
    var change: @Sendable (inout CheckInputs) -> Void

    init(
      _ name: String, _ state: CheckState, _ sentence: String, _ change: @escaping @Sendable (inout CheckInputs) -> Void
    ) {
      (testDescription, self.state, self.sentence, self.change) = (name, state, sentence, change)
    }
  }

  static let cases: [Case] = [
    Case("all is known and well", .ok, "work flows") { _ in },
    Case("no work arrives", .ok, "no work arrives, and none is late") {
      $0.overview?.total.startRate = 0
      $0.overview?.total.endRate = 0
    },
    Case("work starts, and none ends", .critical, "no saga has ended for 6m12s, while 8.0/s start") {
      $0.overview?.total.endRate = 0
      $0.overview?.total.lastEnd = now - .seconds(372)
      $0.overview?.total.counts.stuck = 1
    },
    Case("one type stands beside one that flows", .critical, "no trip saga has ended for 2m00s, while 1.0/s start") {
      var (order, trip) = (TypeView(type: "order"), TypeView(type: "trip"))
      (order.startRate, order.endRate, trip.startRate, trip.endRate) = (7, 7, 1, 0)
      trip.lastEnd = now - .seconds(120)
      trip.counts.stuck = 1
      $0.overview?.types = [order, trip]
      $0.overview?.total.counts.stuck = 1
    },
    Case("none ended lately, and none is late", .ok, "work arrives, and none of it is late") {
      $0.overview?.total.endRate = 0
      $0.overview?.total.lastEnd = now - .seconds(30)
    },
    Case("nothing ended for long, and none is late yet", .warning, "no saga has ended for 2m00s, while 8.0/s start") {
      $0.overview?.total.endRate = 0
      $0.overview?.total.lastEnd = now - .seconds(120)
      $0.overview?.total.p99 = .seconds(50)
    },
    Case("sagas of the type take that long", .ok, "work arrives, and none of it is late") {
      $0.overview?.total.endRate = 0
      $0.overview?.total.lastEnd = now - .seconds(120)
      $0.overview?.total.p99 = .seconds(70)
    },
    Case("one is late", .warning, "1 saga is stuck, the longest for 1m30s") {
      $0.overview?.total.counts.stuck = 1
      $0.overview?.stuckSince = now - .seconds(90)
    },
    Case("five are late", .critical, "5 sagas are stuck") { $0.overview?.total.counts.stuck = 5 },
    Case("five are late since yesterday, and no other", .warning, "5 sagas are stuck, the longest for 1d") {
      $0.overview?.total.counts.stuck = 5
      $0.overview?.stuckSince = now - .seconds(90_000)
      $0.overview?.newestStuck = now - .seconds(86_000)
    },
    Case("five were late when events were last read", .unknown, "5 sagas were stuck when events were last read") {
      $0.overview?.total.counts.stuck = 5
      $0.sources[0] = source(.kafka, .down)
      $0.overview?.coverage = SourceCoverage($0.sources, at: now)
    },
    Case("one failed lately", .warning, "1 saga needs manual work") {
      $0.overview?.total.counts.failed = 1
      $0.overview?.total.recentFailures = 1
    },
    Case("one failed long ago", .ok, "1 saga needs manual work, none failed in the last 5 minutes") {
      $0.overview?.total.counts.failed = 1
    },
    Case("sagas were not looked at", .unknown, "sagas are not known") { $0.overview = nil },
    Case("groups were not looked at", .unknown, "consumer groups are not known") { $0.lag = nil },
    Case("no round of groups was read", .unknown, "consumer groups are not known") { $0.lag?.readAt = nil },
    Case("locks were not looked at", .unknown, "locks are not known") { $0.locks = nil },
    Case("services were not looked at", .unknown, "services are not known") { $0.services = nil },
    Case("nobody reads locks", .ok, "work flows") {
      $0.locks = nil
      $0.sources.remove(at: 2)
    },
    Case("more locks than rows are bad", .warning, "7 locks are overdue") { $0.locks?.counts = [.overdue: 7] },
    Case("some locks are not looked at", .unknown, "3 locks are more than are looked at") { $0.locks?.dropped = 3 },
    Case("many do not complete", .warning, "only 80.0 % of the sagas that ended in the last 5 minutes completed") {
      $0.overview?.total.recentCompletions = 800
    },
    Case("most do not complete", .critical, "only 40.0 % of the sagas that ended in the last 5 minutes completed") {
      $0.overview?.total.recentCompletions = 400
    },
    Case("of a few ends no share is told", .ok, "work flows") {
      $0.overview?.total.recentEnds = 19
      $0.overview?.total.recentCompletions = 0
    },
    Case("a service is down", .warning, "payment is down") {
      $0.services = ServiceList(of: [ServiceRow(name: "payment", verdict: .down)])
    },
    Case("services are down", .warning, "a and 1 more are down") {
      $0.services = ServiceList(of: ["a", "b"].map { ServiceRow(name: $0, verdict: .down) })
    },
    Case("a service is not known", .unknown, "payment is not known to be well") {
      $0.services = ServiceList(of: [ServiceRow(name: "payment", verdict: .unknown)])
    },
    Case("a group stands", .warning, "group g1 is stalled") { $0.lag = groups([.ok, .stalled]) },
    Case("a group is not known", .unknown, "group g1 is unknown") { $0.lag = groups([.ok, .unknown]) },
    Case("a lock never expires", .warning, "lock a:1 is immortal") {
      var row = LockRow(
        id: LockKey(source: "redis", key: "a:1"), pattern: "*", age: LockAge(.seconds(9), isExact: true), readAt: now)
      row.verdict = .immortal
      $0.locks = LockList(ListWindow([row]), readAt: now, counts: [.immortal: 1])
    },
    Case("no events are read", .unknown, "no events are read") { $0.sources = [] },
    Case("one source is down", .unknown, "redis is down") { $0.sources[2] = source(.redis, .down) },
    Case("what is bad outweighs what is not known", .critical, "5 sagas are stuck") {
      $0.overview?.total.counts.stuck = 5
      $0.sources[2] = source(.redis, .down)
    },
  ]

  @Test("the worst result decides, and unknown is never ok", arguments: cases)
  func rule(_ item: Case) {
    let health = FlowHealth(Self.inputs(item.change))
    #expect(health.state == item.state)
    #expect(health.sentence.hasPrefix(item.sentence), "\(health.sentence)")
  }

  @Test("while events are read partially, no rate, standstill or exact count is reported")
  func blind() {
    var inputs = Self.inputs { $0.overview?.total.counts.stuck = 9 }
    inputs.sources[0] = Self.source(.kafka, .down)
    inputs.overview?.coverage = SourceCoverage(inputs.sources, at: Self.now)
    inputs.overview?.total.startRate = nil
    inputs.overview?.total.endRate = nil
    let health = FlowHealth(inputs)
    #expect(health.state == .unknown && health.waiting.value == nil && health.quiet == nil)
    #expect(health.readiness.state == .unknown && health.readiness.sentence.contains("not known, because"))
  }

  @Test("missing groups and dropped sagas without an end make good results unknown, and bad ones stay bad")
  func cut() {
    let groups = "5 more consumer groups are not read"
    let missing = FlowHealth(Self.inputs { $0.lag?.incompleteness = groups })
    #expect(missing.state == .unknown && missing.sentence.contains(groups), "\(missing.sentence)")
    let dropped = FlowHealth(Self.inputs { $0.overview?.evictedOpen = 1 })
    #expect(dropped.state == .unknown, "\(dropped.sentence)")
    #expect(
      dropped.sentence.contains("1 saga without an end or with manual work to do was dropped because of `maxSagas`"),
      "\(dropped.sentence)")
    let unread = FlowHealth(Self.inputs { $0.overview?.undecoded = 6 })
    #expect(unread.state == .unknown, "\(unread.sentence)")
    #expect(unread.sentence.contains("6 messages could not be decoded, and no others have sagas"), "\(unread.sentence)")
    let bad = FlowHealth(
      Self.inputs {
        $0.lag = Self.groups([.stopped])
        $0.lag?.incompleteness = groups
      })
    #expect(bad.state == .warning, "\(bad.sentence)")
    #expect(Self.groups([.ok]).health == .well)
  }

  @Test("deploying is safe only without problems and without active changes")
  func ready() {
    #expect(FlowHealth(Self.inputs()).readiness == .init(.ok, "safe to deploy: yes, work flows"))
    let undoing = FlowHealth(Self.inputs { $0.overview?.total.counts.compensating = 2 })
    #expect(undoing.state == .ok)
    #expect(undoing.readiness == .init(.warning, "safe to deploy: no, because 2 sagas are being compensated"))
    let behind = FlowHealth(Self.inputs { $0.lag = Self.groups([.warning]) })
    #expect(behind.readiness == .init(.warning, "safe to deploy: no, because group g0 is falling behind"))
  }

  @Test("the check `health` has a state, value and sentence")
  func check() throws {
    let check = try CheckParser.check("health")
    let bad = check.result(Self.inputs { $0.overview?.total.counts.stuck = 5 })
    #expect(bad.state == .critical && bad.measured.value == 2 && bad.measured.detail.hasPrefix("5 sagas"))
    let unknown = check.result(Self.inputs { $0.sources = [] })
    #expect(unknown.state == .unknown && unknown.measured.value == nil)
    #expect(check.result(Self.inputs()).state == .ok)
    #expect(throws: CheckParser.Invalid.self) { try CheckParser.check("health[type=order]") }
  }
}
