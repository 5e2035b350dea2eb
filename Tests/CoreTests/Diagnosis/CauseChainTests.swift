import Testing

@testable import Core

@Suite("Chains of causes")
struct CauseChainTests {
  private func cause(_ kind: CauseKind, _ strength: Int, effect: String? = nil) -> Cause {
    Cause(kind, "\(kind)", [], strength: strength, effect: effect ?? "effect of \(kind)")
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var causes: [(CauseKind, Int)]
    /// Each chain is a root cause followed by its consequences.
    var chains: [[CauseKind]]
  }

  static let cases: [Case] = [
    Case(testDescription: "a single cause is its own root", causes: [(.serviceDown, 95)], chains: [[.serviceDown]]),
    Case(
      testDescription: "a lock that holds up a group is told with it",
      causes: [(.lockImmortal, 89), (.groupStalled, 80)], chains: [[.lockImmortal, .groupStalled]]),
    Case(
      testDescription: "a node brings down services and groups, in that order",
      causes: [(.nodeLost, 96), (.groupStalled, 80), (.serviceDegraded, 55)],
      chains: [[.nodeLost, .serviceDegraded, .groupStalled]]),
    Case(
      testDescription: "what follows from a consequence follows from the root",
      causes: [(.serviceDown, 95), (.groupEmpty, 90), (.groupBehind, 78)],
      chains: [[.serviceDown, .groupEmpty, .groupBehind]]),
    Case(
      testDescription: "a weak cause explains no strong one",
      causes: [(.groupStalled, 80), (.lockImmortal, 44)], chains: [[.groupStalled], [.lockImmortal]]),
    Case(
      testDescription: "a circuit that is half open explains a group that is a little surer",
      causes: [(.groupStalled, 80), (.circuitOpen, 75)], chains: [[.circuitOpen, .groupStalled]]),
    Case(
      testDescription: "two roots stay apart", causes: [(.serviceDown, 95), (.lockImmortal, 89)],
      chains: [[.serviceDown], [.lockImmortal]]),
    Case(
      testDescription: "a step that was slow before is no consequence of what holds up the next",
      causes: [(.circuitOpen, 88), (.slowStep, 35)], chains: [[.circuitOpen], [.slowStep]]),
  ]

  @Test("a consequence is listed with its root", arguments: cases)
  func chain(item: Case) {
    let roots = Cause.chains(of: item.causes.map { cause($0.0, $0.1) })
    #expect(roots.map { [$0.kind] + $0.consequences.map(\.kind) } == item.chains)
  }

  @Test("links with the same statement are listed once")
  func same() {
    let roots = Cause.chains(of: [
      cause(.lockImmortal, 89), cause(.poisonMessage, 86, effect: "a stands at t/1"),
      cause(.groupStalled, 80, effect: "a stands at t/1"),
    ])
    #expect(roots.map(\.links) == [["lockImmortal", "a stands at t/1"]])
  }

  @Test("a cause that ended before the saga reached its step is not linked to a current one")
  func earlier() {
    var errors = cause(.repeatedError, 46)
    #expect(Cause.chains(of: [cause(.serviceDown, 95), errors]).map(\.kind) == [.serviceDown])
    errors.isEarlier = true
    #expect(Cause.chains(of: [cause(.serviceDown, 95), errors]).map(\.kind) == [.serviceDown, .repeatedError])
  }

  @Test("for any combination, no cause is lost and none is listed twice", arguments: 0..<200)
  func whole(seed: Int) {
    var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let kinds = CauseKind.allCases.filter { _ in random(4) == 0 }
    let causes = kinds.map { cause($0, random(100)) }.sorted { $0.strength > $1.strength }
    let told = Cause.chains(of: causes).flatMap { [$0.kind] + $0.consequences.map(\.kind) }
    #expect(told.sorted { $0.rawValue < $1.rawValue } == kinds.sorted { $0.rawValue < $1.rawValue }, "seed \(seed)")
  }

  @Test("the cause of a saga queued in a partition is the lock that the first saga waits for")
  func head() throws {
    let scene = DiagnosisScene()
    scene.usual()
    scene.event("order-created", at: 90, id: "head", product: 1, offset: 20)
    scene.event("order-created", at: 100, id: "1", product: 7, offset: 21)
    for second in stride(from: 90.0, through: 149, by: 2) {
      scene.groups(
        at: second,
        .init(name: "inventory-service", topic: "order-created", committed: 20, end: second < 100 ? 22 : 30))
    }
    scene.lock("inventory:lock:1", at: 149, ttl: nil, idle: 30)
    _ = scene.store.overview(limit: 0, now: scene.time(150))
    let diagnosis = try #require(scene.diagnosis(at: 150))
    let first = try #require(diagnosis.causes.first)
    #expect(first.kind == .lockImmortal, "\(diagnosis.causes.map(\.sentence))")
    #expect(first.evidence.contains { $0.text.contains("order head waits for it") })
    #expect(first.links.contains("inventory-service stands at order-created/0"), "\(first.links)")
  }
}

@Suite("Causes of many sagas")
struct CauseGroupTests {
  private func group(_ count: Int, step: UInt32 = 1, partition: Int32 = 0, name: String = "payment") -> TroubleGroup {
    var key = TroubleIndex.Key(definition: 0, bucket: .stuck, step: Symbol(number: step))
    key.partition = partition
    let slots = (0..<min(2, count)).map {
      SagaHandle(slot: partition * 10 + Int32($0) + Int32(step) * 1000, generation: 1)
    }
    return TroubleGroup(key: key, type: "order", step: name, count: count, since: nil, samples: slots)
  }

  private static let down = Cause(
    .serviceDown, "payment is down", [], strength: 95, subject: .service("payment"))
  private static let lock = Cause(
    .lockImmortal, "lock a never expires", [], strength: 89, subject: .lock(LockKey(source: "redis", key: "a")))

  @Test("groups that differ only in the place are combined, with a filter that selects exactly their sagas")
  func together() {
    let grouping = CauseGrouping([group(7), group(5, partition: 1)]) { _ in [Self.down] }
    #expect(grouping.groups.map(\.count) == [12])
    #expect(grouping.groups[0].filter == "status:stuck type:order step:payment")
    #expect(!grouping.groups[0].isEstimate)
  }

  @Test("if a filter would select sagas of two causes, neither cause has it")
  func mixed() {
    let grouping = CauseGrouping([group(7), group(5, partition: 1)]) { handle in
      [handle.slot < 1010 ? Self.down : Self.lock]
    }
    #expect(grouping.groups.map(\.count) == [7, 5])
    #expect(grouping.groups.allSatisfy { $0.filter == nil })
  }

  @Test("a saga with two causes is counted under the likelier one, which names the other")
  func also() {
    let grouping = CauseGrouping([group(7)]) { _ in [Self.down, Self.lock] }
    #expect(grouping.groups[0].cause.kind == .serviceDown && grouping.groups[0].count == 7)
    #expect(grouping.groups[0].also == "lock a never expires")
  }

  @Test("a fact that is a saga's cause is not repeated as a fact of the system")
  func told() {
    var grouping = CauseGrouping([group(7)]) { _ in [Self.down] }
    grouping.add([
      CauseGroup(cause: Self.down, extent: .system, count: 0), CauseGroup(cause: Self.lock, extent: .system, count: 0),
    ])
    #expect(grouping.groups.map(\.cause.kind) == [.serviceDown, .lockImmortal])
  }

  @Test("beyond a limit, groups are not diagnosed and get the cause of those at the same step")
  func many() {
    var looked = 0
    let grouping = CauseGrouping((0..<100).map { group(3, partition: $0) }) { _ in
      looked += 1
      return [Self.down]
    }
    #expect(looked <= 32)
    #expect(grouping.groups.map(\.count) == [300] && grouping.groups[0].isEstimate)
  }

  @Test("growth is compared with one minute ago, and results are cached for a second")
  func cache() {
    var cache = CauseCache()
    let start = Timestamp(milliseconds: 1_769_508_202_000)
    cache.take([CauseGroup(cause: Self.down, count: 5)], at: start)
    #expect(cache.current(at: start) == nil)
    #expect(cache.current(at: start + .milliseconds(500))?.count == 1)
    #expect(cache.current(at: start + .seconds(1)) == nil)
    cache.take([CauseGroup(cause: Self.down, count: 65)], at: start + .seconds(60))
    #expect(cache.groups[0].growth == 60)
  }
}

@Suite("Changes")
struct ChangeTests {
  @Test(
    "a service that goes down and up again gives two changes with the previous state; the first verdict is no change")
  func services() {
    let scene = DiagnosisScene()
    scene.health("payment-service", at: 1, DiagnosisScene.up, DiagnosisScene.up, DiagnosisScene.up)
    #expect(scene.store.changes(since: .distantPast).isEmpty)
    scene.health("payment-service", at: 2, DiagnosisScene.refused, DiagnosisScene.refused, DiagnosisScene.refused)
    scene.health("payment-service", at: 3, DiagnosisScene.refused, DiagnosisScene.refused, DiagnosisScene.refused)
    scene.health("payment-service", at: 4, DiagnosisScene.up, DiagnosisScene.up, DiagnosisScene.up)
    let changes = scene.store.changes(since: .distantPast).filter { $0.kind == .service }
    #expect(changes.first?.isWorse == false && changes.contains { $0.isWorse == true })
    #expect(changes.contains { $0.sentence.hasPrefix("payment-service is down, was") }, "\(changes.map(\.sentence))")
    #expect(scene.store.changes(since: scene.time(3.5)).allSatisfy { $0.time >= scene.time(3.5) })
  }

  @Test("a new version on a node is one change, and evidence for a saga that starts to wait afterwards")
  func versions() throws {
    let symbols = SymbolTable()
    var log = ChangeLog()
    func event(_ version: String, at second: Double) -> Event {
      Event(
        type: symbols.symbol("paid"), time: ShopFixture.start + .seconds(second),
        origin: Origin(topic: symbols.symbol("t"), partition: 0, offset: Int64(second)), node: symbols.symbol("node-2"),
        version: symbols.symbol(version), fingerprint: 0, link: nil, text: MessageSlice(start: 0))
    }
    for (version, second) in [("1.3", 1.0), ("1.3", 2), ("1.4", 3), ("1.4", 4)] {
      log.noteVersion(of: event(version, at: second), symbols)
    }
    #expect(log.changes.map(\.sentence) == ["node-2 went from version 1.3 to 1.4"])
    #expect(log.changes.first?.time == ShopFixture.start + .seconds(3))
  }

  @Test("the log is limited, and the oldest changes are dropped")
  func bounded() {
    var log = ChangeLog()
    for number in 0..<5000 {
      log.add(Change(.service, "s", "\(number)", isWorse: nil, at: ShopFixture.start + .seconds(Double(number))))
    }
    #expect(log.changes.count <= ChangeLog.most && log.changes.last?.sentence == "4999")
  }
}

@Suite("Slow nodes")
struct SlowNodeTests {
  private func moments(_ milliseconds: [Int64]) -> LogMoments {
    var moments = LogMoments()
    for value in milliseconds { moments.add(nanoseconds: value * 1_000_000) }
    return moments
  }

  private func slow(_ nodes: [[Int64]]) -> [Int: NodeJudge.Slowness] {
    let step = Symbol(number: 1)
    let records = nodes.enumerated().map {
      (node: Symbol(number: UInt32($0.offset) + 10), paces: [step: moments($0.element)])
    }
    return Dictionary(uniqueKeysWithValues: NodeJudge.slow(records).map { (Int($0.key.number) - 10, $0.value) })
  }

  /// Durations spread evenly from half to one and a half times `middle`.
  private func around(_ middle: Int64, _ count: Int) -> [Int64] {
    (0..<count).map { middle * (50 + Int64($0 * 37 % 101)) / 100 }
  }

  @Test("a node four times slower than its peers is slow, its peers are not")
  func found() throws {
    let slow = slow([around(800, 60), around(200, 60), around(200, 60)])
    #expect(Array(slow.keys) == [0])
    let found = try #require(slow[0])
    #expect(found.p < 0.001)
    #expect(found.own.seconds > 0.5 && found.own.seconds < 1 && found.peers.seconds < 0.25)
  }

  @Test("a difference of 20 % is no trouble, few attempts give no verdict, and a single node has no peers")
  func not() {
    #expect(slow([around(240, 500), around(200, 500), around(200, 500)]).isEmpty)
    #expect(slow([around(800, 19), around(200, 60), around(200, 60)]).isEmpty)
    #expect(slow([around(800, 500)]).isEmpty)
  }

  @Test("removing all values restores the empty state")
  func exact() {
    var moments = moments([5, 900, 70_000])
    for value in [900, 70_000, 5] { moments.remove(nanoseconds: Int64(value) * 1_000_000) }
    #expect(moments == LogMoments())
  }
}
