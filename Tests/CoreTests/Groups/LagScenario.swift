import Text

@testable import Core

/// A consumer group with one partition, polled every two seconds.
struct LagScenario {
  static let start = Timestamp(milliseconds: 1_700_000_000_000)
  static let interval = Duration.seconds(2)

  let symbols = SymbolTable()
  var state: LagState
  var now = LagScenario.start
  var members: Int? = 2
  var groupState: GroupSample.State? = .stable
  var isSimple: Bool?
  var logStart: Int64? = 0
  /// The last stable offset, if it differs from the log end offset.
  var stable: Int64?
  /// Results of fetches that complete before the next round.
  var found: [FirstMessage] = []
  var isReaderWhole = false

  init(allowances: [(pattern: NamePattern, allowance: LagRules.Allowance)] = []) {
    state = LagState(symbols: symbols, rules: LagRules(allowances: allowances))
  }

  var key: TopicPartitionKey { TopicPartitionKey(topic: symbols.symbol("orders"), partition: 0) }

  /// One poll, two seconds after the previous one.
  mutating func read(_ committed: Int64?, of end: Int64?) {
    now = now + Self.interval
    let members = members.map { count in
      (0..<count).map {
        GroupSample.Member(id: "m\($0)", clientID: "c\($0)", host: "/10.0.0.\($0)", partitions: [key])
      }
    }
    let group = GroupSample(
      name: "shop", state: groupState, isSimple: isSimple, members: members,
      commits: [.init(topic: key.topic, partition: 0, offset: committed)])
    let reading = LagSample(
      time: now,
      partitions: [
        PartitionOffsets(topic: key.topic, partition: 0, start: logStart, end: end, stable: stable ?? end)
      ], found: found, groups: [group])
    found = []
    state.begin(reading, isWhole: isReaderWhole)
    state.fold(group, at: now)
    state.finish(reading)
  }

  /// Several polls, each with a committed offset and a log end offset.
  mutating func read(_ rounds: [(Int64?, Int64?)]) {
    for (committed, end) in rounds { read(committed, of: end) }
  }

  var row: GroupRow { state.rows(now: now)[0] }
  var partition: GroupPartitionRow {
    state.group("shop", now: now)?.partitions.first ?? GroupPartitionRow(topic: "", partition: -1, verdict: .unknown)
  }
}
