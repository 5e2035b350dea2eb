import Testing

@testable import Core

@Suite("Checks")
struct CheckTests {
  private static let now = Timestamp(milliseconds: 1_769_508_202_000)

  private static func source(_ kind: SourceKind, isWhole: Bool = true) -> SourceStatus {
    var source = SourceStatus(kind, phase: .up)
    source.isComplete = isWhole
    return source
  }

  private static func type(_ name: String, stuck: Int = 0, completed: Int = 0, compensated: Int = 0, failed: Int = 0)
    -> TypeView
  {
    var counts = TypeView.Counts()
    (counts.stuck, counts.completed, counts.compensated, counts.failed) = (stuck, completed, compensated, failed)
    counts.running = stuck
    return TypeView(type: name, counts: counts)
  }

  private static func lock(_ key: String, age: Duration) -> LockRow {
    LockRow(id: LockKey(source: "redis", key: key), pattern: "*", age: LockAge(age, isExact: true), readAt: now)
  }

  static let readings = CheckInputs(
    now: now, sources: [SourceKind.kafka, .lag, .redis, .services].map { source($0) },
    overview: OverviewView(
      total: TypeView(type: ""),
      types: [
        type("order", stuck: 3, completed: 97, compensated: 2, failed: 1), type("trip", stuck: 4, completed: 50),
        type("idle"),
      ]),
    oldestRollBacks: [
      OldestCompensation(type: "order", sagaID: "7", startedAt: now - .seconds(90)),
      OldestCompensation(type: "trip", sagaID: "8", startedAt: now - .seconds(30)),
    ],
    lag: GroupList(
      ListWindow([
        GroupRow(name: "payment-service", verdict: .ok, lag: 1200, lagTime: LagTime(.seconds(40), .exact)),
        GroupRow(name: "stock", verdict: .ok, lag: 3, lagTime: LagTime(.seconds(400), .atLeast)),
        GroupRow(name: "new", verdict: .none),
      ]), readAt: now),
    locks: LockList(ListWindow([lock("a:1", age: .seconds(70)), lock("b:1", age: .seconds(5))]), readAt: now),
    services: ServiceList(of: [
      ServiceRow(name: "order", verdict: .up), ServiceRow(name: "payment", verdict: .down, reason: "refused"),
      ServiceRow(name: "stock", verdict: .degraded, reason: "slow"), ServiceRow(name: "late", verdict: .unknown),
    ]))

  private static func result(_ text: String, _ readings: CheckInputs = readings) throws -> CheckResult {
    try CheckParser.check(text).result(readings)
  }

  @Test(
    "each check has a value and a state",
    arguments: [
      ("stuck:7:8", 7, .warning), ("stuck:1:7", 7, .critical), ("stuck:8:9", 7, .ok), ("stuck", 7, .critical),
      ("stuck[type=order]:3:5", 3, .warning), ("stuck[type=tr*]:5", 4, .ok), ("failed:1:2", 1, .warning),
      ("active:100:200", 7, .ok), ("completion-rate:99:95", 98, .warning),
      ("completion-rate[type=order]:98:97", 97, .warning), ("completion-rate[type=trip]:99:95", 100, .ok),
      ("compensation-rate[type=order]:2:3%", 3, .critical), ("oldest-compensation:1m:2m", 90, .warning),
      ("oldest-compensation:100:200", 90, .ok), ("lag[group=payment-service]:1000:10000", 1200, .warning),
      ("lag", 1200, .warning), ("lag[group=st*]:4:5", 3, .ok), ("lag-time[group=stock]:7m:8m", 400, .unknown),
      ("lag-time:5m:6m", 400, .critical),
      ("lag-time[group=payment-service]:30s:5m", 40, .warning), ("lock-age:1m:10m", 70, .warning),
      ("lock-age[key=b:*]:1m:10m", 5, .ok), ("lock-age[key=c]", 0, .ok), ("service[name=payment]", 1, .critical),
      ("service[name=stock]", 1, .warning), ("service[name=order]", 0, .ok), ("service:3:4", 2, .unknown),
      ("service:4:5", 2, .ok),
      ("undecoded", 0, .ok),
    ] as [(String, Double, CheckState)])
  func value(text: String, value: Double, state: CheckState) throws {
    let result = try Self.result(text)
    #expect(result.measured.value == value)
    #expect(result.state == state)
  }

  @Test(
    "an unknown value gives the state unknown, with a reason",
    arguments: [
      ("completion-rate[type=idle]", "no saga has ended"), ("lag[group=new]", ""),
      ("lag[group=payment-servic]", "did you mean `payment-service`?"), ("service[name=late]", ""),
      ("stuck[type=oder]", "did you mean `order`?"), ("service[name=x]", "no service `x`"),
    ])
  func unknown(text: String, reason: String) throws {
    let result = try Self.result(text)
    #expect(result.measured.value == nil && result.state == .unknown)
    #expect(reason.isEmpty || result.measured.detail.contains(reason), "\(result.measured.detail)")
  }

  @Test(
    "in partially read data too many means critical, but few prove nothing",
    arguments: [
      ("stuck:7:8", .warning), ("stuck:8:9", .unknown), ("completion-rate:50:40", .unknown), ("lag:1:2", .critical),
      ("lock-age:10m", .ok),
    ] as [(String, CheckState)])
  func incomplete(text: String, state: CheckState) throws {
    var readings = Self.readings
    readings.sources = [Self.source(.kafka, isWhole: false), Self.source(.lag, isWhole: false), Self.source(.redis)]
    #expect(try Self.result(text, readings).state == state)
  }

  @Test(
    "in a list without some groups or sagas too many means critical, but few prove nothing",
    arguments: [
      ("lag:1000:10000", .warning), ("lag:5000:10000", .unknown), ("lag-time:5m:6m", .critical),
      ("lag[group=payment-service]:5000:10000", .ok), ("lag[group=pay*]:5000:10000", .unknown),
      ("lag[group=x]", .unknown), ("stuck:1:7", .critical), ("stuck:8:9", .unknown), ("active:100:200", .unknown),
      ("failed[type=order]:5:9", .unknown), ("completion-rate:99:95", .warning), ("undecoded", .ok),
    ] as [(String, CheckState)])
  func cut(text: String, state: CheckState) throws {
    var readings = Self.readings
    readings.lag?.incompleteness = "5 more consumer groups are not read"
    readings.overview?.evictedOpen = 2
    #expect(try Self.result(text, readings).state == state)
  }

  @Test("no condition that a missing group could change holds or is refuted")
  func conditionOfCut() throws {
    var readings = Self.readings
    readings.lag?.incompleteness = "5 more consumer groups are not read"
    #expect(try CheckParser.condition("lag<5000").holds(readings) == nil)
    #expect(try CheckParser.condition("lag<1000").holds(readings) == false)
    #expect(try CheckParser.condition("lag[group=stock]<100").holds(readings) == true)
  }

  @Test(
    "an invalid check is reported with the most similar name",
    arguments: [
      ("stuk:1:5", "did you mean `stuck`?"), ("stuck:5:1", "lies below"), ("completion-rate:95:99", "lies above"),
      ("stuck:1:2:3", "two thresholds"), ("stuck:x", "expected a number"), ("lag-time:x", "a duration"),
      ("lag[name=x]", "[group=NAME]"), ("lag[group=x", "expected ]"), ("lag[group=^(]", "regular expression"),
      ("stuck:-1", "expected a number"), ("stuck:nan", "expected a number"), ("", "unknown check"),
      ("stuck 1", "NAME:WARNING:CRITICAL"), ("undecoded[type=x]", "no brackets"),
    ])
  func refused(text: String, message: String) throws {
    let error = try #require(throws: CheckParser.Invalid.self) { _ = try CheckParser.check(text) }
    #expect(error.message.contains(message), "\(error.message)")
  }

  @Test(
    "conditions hold or do not hold",
    arguments: [
      ("stuck==7", true), ("stuck==0", false), ("stuck != 0", true), ("lag<1200", false), ("lag<=1200", nil),
      ("lag[group=stock]<100", true), ("lag-time>=5m", true), ("completion-rate>97%", true),
      ("lag[group=no]==0", nil), ("lag-time[group=stock]<5m", false), ("lag-time[group=stock]<7m", nil),
      ("service[name=order]==0", true), ("active>7", false), ("service>=2", true), ("service==2", nil),
    ] as [(String, Bool?)])
  func condition(text: String, holds: Bool?) throws {
    #expect(try CheckParser.condition(text).holds(Self.readings) == holds)
  }

  @Test("no condition holds for partially read data")
  func conditionOfPart() throws {
    var readings = Self.readings
    readings.sources = [Self.source(.kafka, isWhole: false)]
    #expect(try CheckParser.condition("stuck==7").holds(readings) == nil)
  }

  @Test("a condition without a comparison is refused", arguments: ["stuck", "stuck=0", "stuck==", "stuk==0"])
  func badCondition(text: String) {
    #expect(throws: CheckParser.Invalid.self) { _ = try CheckParser.condition(text) }
  }

  @Test("critical precedes warning, warning precedes unknown, unknown precedes ok")
  func worst() {
    #expect(CheckState.worst([.ok, .unknown, .warning, .critical]) == .critical)
    #expect(CheckState.worst([.ok, .unknown, .warning]) == .warning)
    #expect(CheckState.worst([.ok, .unknown]) == .unknown)
    #expect(CheckState.worst([]) == .ok)
  }
}
