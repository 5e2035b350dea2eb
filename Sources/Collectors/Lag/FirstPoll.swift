import Core

/// When the first look at consumer groups is enough to judge them. Pure.
///
/// One reading tells nothing of a group that has messages to read and members to read them: such groups are looked at a few times in
/// quick succession, until their commits have moved or are known to stand.
struct FirstPoll {
  static let pause = Duration.milliseconds(250)
  private static let mostRounds = 5
  /// While what lies behind the commits is being fetched.
  private static let mostFetchingRounds = 12

  private var rounds = 0
  private var commits: [String: [GroupSample.Commit]] = [:]
  private var waiting: Set<String> = []
  private var hasOpenTransaction = false
  private(set) var isEnough = false

  mutating func take(_ reading: LagSample, isFetching: Bool = false) {
    guard !isEnough else { return }
    rounds += 1
    if rounds == 1 {
      let ends = Dictionary(
        reading.partitions.map { (TopicPartitionKey(topic: $0.topic, partition: $0.partition), $0.end) },
        uniquingKeysWith: { $1 })
      // A transaction that is seen once may end in a moment.
      hasOpenTransaction = reading.partitions.contains { log in log.stable.map { $0 < log.end ?? $0 } ?? false }
      for group in reading.groups where Self.hasWork(group, ends) {
        waiting.insert(group.name)
        commits[group.name] = group.commits
      }
    }
    for group in reading.groups where group.commits != commits[group.name] { waiting.remove(group.name) }
    isEnough =
      (waiting.isEmpty && !hasOpenTransaction) || rounds >= (isFetching ? Self.mostFetchingRounds : Self.mostRounds)
    if isEnough { commits = [:] }
  }

  /// Somebody is there, or may be, and something is unread.
  private static func hasWork(_ group: GroupSample, _ ends: [TopicPartitionKey: Int64?]) -> Bool {
    if let members = group.members, members.isEmpty { return false }
    return group.commits?.contains { commit in
      guard let offset = commit.offset else { return false }
      let end = ends[TopicPartitionKey(topic: commit.topic, partition: commit.partition)] ?? nil
      return end.map { $0 > offset } ?? false
    } ?? false
  }
}
