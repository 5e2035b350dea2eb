import Testing

@testable import Core

@Suite("Offsets of a broker are any numbers")
struct ForeignOffsetTests {
  private static let offsets: [Int64] = [.min, .min + 1, -1, 0, 1, 1 << 53, .max - 1, .max]

  @Test("no commit, start, end or stable offset ends the program", arguments: offsets)
  func all(start: Int64) {
    for end in Self.offsets {
      for committed in Self.offsets {
        var scenario = LagScenario()
        scenario.logStart = start
        scenario.stable = committed
        scenario.read([(committed, end), (end, committed), (start, end), (committed, start), (0, end)])
        #expect(scenario.state.rows(now: scenario.now).count == 1)
        _ = (scenario.partition, scenario.state.topicRows(), scenario.state.openTransactions(now: scenario.now))
      }
    }
  }

  @Test("a negative offset is no offset")
  func negative() {
    var scenario = LagScenario()
    scenario.logStart = -5
    scenario.read(-7, of: 10)
    #expect(scenario.partition.committed == nil && scenario.partition.start == nil)
    scenario.read(4, of: -10)
    #expect(scenario.partition.end == nil && scenario.row.lag.value == nil)
  }
}

@Suite("Members, commits and logs are independent facts")
struct GroupFactsTests {
  /// A group `shop` on partitions of several topics.
  private struct Scene {
    let symbols = SymbolTable()
    var state: LagState
    var now = LagScenario.start
    var groupState: GroupSample.State? = .stable
    /// Assigned partitions of the group's only member; `nil` if the group has no members.
    var assigned: [String]? = []
    var gone: [String] = []
    var start: Int64 = 0

    init() { state = LagState(symbols: symbols) }

    func key(_ name: String) -> TopicPartitionKey {
      let parts = name.split(separator: "/")
      return TopicPartitionKey(topic: symbols.symbol(String(parts[0])), partition: Int32(parts[1]) ?? 0)
    }

    /// Keys of `commits` and `ends` are "topic/partition".
    mutating func read(_ commits: [String: Int64], ends: [String: Int64]) {
      now = now + LagScenario.interval
      let members = assigned.map { [GroupSample.Member(id: "m", clientID: "c", host: "h", partitions: $0.map(key))] }
      let group = GroupSample(
        name: "shop", state: groupState, members: members ?? [],
        commits: commits.sorted { $0.key < $1.key }.map {
          .init(topic: key($0.key).topic, partition: key($0.key).partition, offset: $0.value)
        })
      let sample = LagSample(
        time: now,
        partitions: ends.sorted { $0.key < $1.key }.map {
          PartitionOffsets(
            topic: key($0.key).topic, partition: key($0.key).partition, start: start, end: $0.value, stable: $0.value)
        }, gone: gone.map(key), groups: [group])
      state.begin(sample, isWhole: false)
      state.fold(group, at: now)
      state.finish(sample)
    }

    var row: GroupRow { state.rows(now: now)[0] }
    func partition(_ topic: String) -> GroupPartitionRow? {
      state.group("shop", now: now)?.partitions.first { $0.topic == topic }
    }
  }

  @Test("a group without members whose commits advance is judged by its commits")
  func simple() {
    var scene = Scene()
    (scene.groupState, scene.assigned) = (.empty, nil)
    scene.read(["orders/0": 5], ends: ["orders/0": 10])
    #expect(scene.row.verdict == .empty, "until something moves, nobody is there")
    for round in Int64(1)..<10 { scene.read(["orders/0": 5 * round], ends: ["orders/0": 5 * round + 5]) }
    #expect(scene.row.verdict == .ok && scene.row.commitsWithoutMembers && scene.row.members == 0)
    for round in Int64(1)..<20 { scene.read(["orders/0": 45], ends: ["orders/0": 50 + round]) }
    #expect(scene.row.verdict == .stopped, "\(scene.row.reason)")
  }

  @Test("a group that the broker reports as simple is not called empty at the first poll")
  func simpleAtOnce() {
    var scenario = LagScenario()
    (scenario.members, scenario.groupState, scenario.isSimple) = (0, .empty, true)
    scenario.read(5, of: 10)
    #expect(scenario.row.verdict == .unknown)
    for _ in 0..<20 { scenario.read(5, of: 10) }
    #expect(scenario.row.verdict == .stopped)
  }

  @Test("the last commit of a leaving member does not mean a group that only commits")
  func lastCommit() {
    var scene = Scene()
    scene.assigned = ["orders/0"]
    scene.read(["orders/0": 5], ends: ["orders/0": 10])
    (scene.groupState, scene.assigned) = (.empty, nil)
    scene.read(["orders/0": 7], ends: ["orders/0": 12])
    scene.read(["orders/0": 8], ends: ["orders/0": 14])
    #expect(scene.row.verdict == .empty && !scene.row.commitsWithoutMembers)
  }

  @Test("offsets set by an operator without members do not mean a consuming group")
  func reset() {
    var scene = Scene()
    (scene.groupState, scene.assigned) = (.empty, nil)
    for _ in 0..<5 { scene.read(["orders/0": 5], ends: ["orders/0": 10]) }
    for _ in 0..<5 { scene.read(["orders/0": 8], ends: ["orders/0": 10]) }
    #expect(scene.row.verdict == .empty && !scene.row.commitsWithoutMembers)
  }

  @Test(
    "records that Kafka Streams deletes before its commits were read; deleted records after a stopped commit were not")
  func purged() {
    for (topic, verdict) in [("app-sum-repartition", LagVerdict.ok), ("orders", .truncated)] {
      var scene = Scene()
      scene.assigned = ["\(topic)/0"]
      for round in Int64(1)..<6 {
        // The log start follows a commit that is newer than the one in this sample.
        scene.start = round * 10 + 5
        scene.read(["\(topic)/0": round * 10], ends: ["\(topic)/0": round * 10 + 5])
      }
      #expect(scene.row.verdict == verdict, "\(topic): \(scene.row.reason)")
    }
    var scene = Scene()
    scene.assigned = ["app-sum-repartition/0"]
    for _ in 0..<3 {
      scene.start = 30
      scene.read(["app-sum-repartition/0": 10], ends: ["app-sum-repartition/0": 40])
    }
    #expect(scene.row.verdict == .truncated)
  }

  @Test("a group without members is reported so, despite an open transaction after its commit")
  func openAndEmpty() {
    var scenario = LagScenario()
    (scenario.members, scenario.groupState, scenario.stable) = (0, .empty, 5)
    for _ in 0..<4 { scenario.read(5, of: 10) }
    #expect(scenario.row.verdict == .empty, "\(scenario.row.reason)")
  }

  @Test("a dead group with commits cannot be described: members are unknown, and commits are judged")
  func dead() {
    var scene = Scene()
    (scene.groupState, scene.assigned) = (.dead, nil)
    for round in Int64(0)..<5 { scene.read(["orders/0": 5 * round], ends: ["orders/0": 5 * round + 5]) }
    #expect(scene.row.verdict == .ok && scene.row.members == nil)
    #expect(scene.row.error?.contains("cannot be described") ?? false)
    for round in Int64(1)..<20 { scene.read(["orders/0": 20], ends: ["orders/0": 30 + round]) }
    #expect(scene.row.verdict == .stopped)
  }

  @Test("a group that never existed is reported as missing")
  func neverWas() {
    var scene = Scene()
    (scene.groupState, scene.assigned) = (.dead, nil)
    scene.read([:], ends: [:])
    #expect(scene.row.verdict == .none && scene.row.reason.contains("does not exist"), "\(scene.row.reason)")
  }

  @Test("a topic without an assigned member is not part of the group's lag")
  func left() {
    var scene = Scene()
    scene.assigned = ["old/0", "new/0"]
    scene.read(["old/0": 5, "new/0": 5], ends: ["old/0": 5, "new/0": 5])
    scene.assigned = ["new/0"]
    for round in Int64(1)..<20 {
      scene.read(["old/0": 5, "new/0": 5 + round], ends: ["old/0": 5 + round, "new/0": 5 + round])
    }
    #expect(scene.row.verdict == .ok && scene.row.lag == 0)
    #expect(scene.row.reason == "everything is read; no member reads old any more")
    #expect(scene.partition("old")?.verdict == LagVerdict.none && scene.partition("old")?.lag == 19)
    scene.groupState = .preparingRebalance
    scene.assigned = []
    scene.read(["old/0": 5, "new/0": 24], ends: ["old/0": 25, "new/0": 25])
    #expect(scene.partition("old")?.verdict == LagVerdict.none, "while it rebalances what was known holds")
  }

  @Test("an advancing commit proves a consumer, regardless of the assignment")
  func movesBeside() {
    var scene = Scene()
    scene.assigned = ["new/0"]
    for round in Int64(0)..<40 { scene.read(["old/0": round, "new/0": 5], ends: ["old/0": round + 2, "new/0": 5]) }
    #expect(scene.row.verdict == .ok && scene.row.lag == 2 && scene.partition("old")?.verdict == .ok)
  }

  @Test("deleted partitions are not part of the group, and a recreated log starts again")
  func gone() {
    var scene = Scene()
    scene.assigned = ["orders/0"]
    scene.gone = ["orders/1", "orders/2"]
    scene.read(["orders/0": 10, "orders/1": 10, "orders/2": 10], ends: ["orders/0": 10])
    #expect(scene.row.verdict == .ok && scene.row.lag == 0 && scene.row.partitions == 1)
    #expect(scene.row.reason == "everything is read; orders/1 and 1 more do not exist any more")
    scene.gone = ["orders/0", "orders/1", "orders/2"]
    scene.read(["orders/0": 10, "orders/1": 10, "orders/2": 10], ends: [:])
    #expect(scene.row.verdict == .none && scene.row.lag.value == nil)
    scene.gone = ["orders/1", "orders/2"]
    scene.read(["orders/0": 10, "orders/1": 10, "orders/2": 10], ends: ["orders/0": 40])
    #expect(scene.row.verdict == .recreated && scene.row.lag.value == nil, "\(scene.row.reason)")
    #expect(scene.partition("orders")?.reason == "the log began anew 0.0s ago: it had ended at 10, now at 40")
    for round in Int64(1)..<5 { scene.read(["orders/0": 10 + 10 * round], ends: ["orders/0": 50]) }
    #expect(scene.row.verdict == .ok && scene.row.lag == 0)
  }
}

@Suite("Offsets without messages, and open transactions")
struct TransactionVerdictTests {
  @Test("a group whose only lag is a transaction marker has read everything, once a fetch shows it")
  func markers() {
    var scenario = LagScenario()
    scenario.read([(5, 6), (5, 6)])
    #expect(scenario.row.lag == 1)
    scenario.found = [FirstMessage(key: scenario.key, from: 5, offset: 6, hasMessage: false)]
    scenario.read(5, of: 6)
    #expect(scenario.row.lag == 0 && scenario.row.verdict == .ok && scenario.row.lagTime == .zero)
    for _ in 0..<40 { scenario.read(5, of: 6) }
    #expect(scenario.row.verdict == .ok)
    scenario.read(5, of: 8)
    #expect(scenario.row.lag == 2)
  }

  @Test("the first message after a gap gives the age of the lag")
  func gap() {
    var scenario = LagScenario()
    scenario.read([(1, 100), (1, 100)])
    scenario.found = [
      FirstMessage(
        key: scenario.key, from: 1, offset: 90, hasMessage: true, time: LagScenario.start - .seconds(60))
    ]
    scenario.read(1, of: 100)
    #expect(scenario.row.lag == 10 && scenario.row.lagTime == LagTime(.seconds(66), .exact))
  }

  @Test("offsets that the reader skipped up to the end contain no messages")
  func watched() {
    var scenario = LagScenario()
    scenario.isReaderWhole = true
    scenario.read(51, of: 60)
    scenario.state.note(LagScenario.start, of: Origin(topic: scenario.key.topic, partition: 0, offset: 50))
    for _ in 0..<40 {
      scenario.read(51, of: 60)
      #expect(scenario.row.verdict == .unknown || scenario.row.verdict == .ok)
    }
    #expect(scenario.row.verdict == .ok && scenario.row.lag == 0)
  }

  @Test("a group that reads uncommitted messages may be beyond the last stable offset")
  func uncommitted() {
    var scenario = LagScenario()
    scenario.stable = 5
    scenario.read([(10, 15), (15, 15)])
    #expect(scenario.row.verdict == .ok && scenario.row.lag == 0)
  }

  @Test("a group at an open transaction is ok for a minute, then blocked; its lag counts to the log end")
  func blocked() {
    var scenario = LagScenario()
    scenario.stable = 5
    for _ in 0..<30 {
      scenario.read(5, of: 15)
      #expect(scenario.row.verdict == .ok || scenario.row.verdict == .unknown)
    }
    #expect(scenario.row.lag == 10 && scenario.state.openTransactions(now: scenario.now).isEmpty)
    scenario.read([(5, 15), (5, 15)])
    #expect(scenario.row.verdict == .blocked)
    let open = scenario.state.openTransactions(now: scenario.now)
    #expect(
      open.map(\.sentence) == ["a transaction is open for at least 1m02s in orders/0, 10 messages wait behind it"])
    scenario.stable = nil
    scenario.read([(15, 16), (16, 16)])
    #expect(scenario.row.verdict == .ok && scenario.state.openTransactions(now: scenario.now).isEmpty)
  }

  @Test("the time of its first message gives the age of an open transaction")
  func age() {
    var scenario = LagScenario()
    scenario.stable = 5
    scenario.read([(5, 15), (5, 15)])
    scenario.found = [
      FirstMessage(key: scenario.key, from: 5, offset: 5, hasMessage: true, time: LagScenario.start - .seconds(834))
    ]
    scenario.read(5, of: 15)
    #expect(scenario.row.verdict == .blocked)
    #expect(
      scenario.row.reason
        == "orders/0: all before it is read; a transaction is open for 14m, 10 messages wait behind it")
  }

  @Test("a transaction during which the last stable offset advances does not hang")
  func busy() {
    var scenario = LagScenario()
    for round in Int64(0)..<60 {
      scenario.stable = 10 * round + 5
      scenario.read(10 * round + 5, of: 10 * round + 15)
    }
    #expect(scenario.row.verdict == .ok && scenario.state.openTransactions(now: scenario.now).isEmpty)
  }
}
