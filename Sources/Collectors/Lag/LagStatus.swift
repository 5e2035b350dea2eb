import Clients
import Core

/// The status of lag polling, and when the next round starts. Pure.
struct LagStatus {
  private static let longestPause = Duration.seconds(30)
  /// At most a quarter of the time is spent reading.
  private static let share = 4

  private let settings: LagSettings
  private var firstLook = FirstPoll()
  /// Why no broker can be reached. Kept because librdkafka repeats an unchanged reason only rarely.
  private var outage: String?
  /// The error of an advertised broker address, while requests stay unanswered.
  private var unreachable: String?
  private(set) var current = SourceStatus(.lag)

  init(_ settings: LagSettings) {
    self.settings = settings
  }

  /// Adds the result of a round. Returns the time from the start of that round to the start of the next one.
  mutating func take(
    _ result: Result<LagPoll, KafkaError>, notes: [String], complaint: String?, at now: Timestamp
  ) -> Duration {
    switch result {
    case .success(let round):
      var round = round
      if !round.troubles.isEmpty, let sentence = address(complaint, round.metadata) {
        round.troubles.insert(sentence, at: 0)
      }
      return take(round, notes: notes, at: now)
    case .failure(let error):
      let pause = max(settings.interval, settings.deadline)
      current.phase = .down
      current.retryAt = now + pause
      outage = complaint ?? outage
      let reason = outage ?? "\(settings.kafka.brokers): \(error)"
      current.error = "\(reason); trying again every \(Self.text(pause))"
      return pause
    }
  }

  /// Keeps the last error: librdkafka repeats an unchanged reason only rarely.
  private mutating func address(_ complaint: String?, _ metadata: ClusterMetadata) -> String? {
    let bootstrap = settings.kafka.brokers
    unreachable = BrokerAddress.sentence(complaint, brokers: metadata.brokers, bootstrap: bootstrap) ?? unreachable
    return unreachable
  }

  private mutating func take(_ round: LagPoll, notes: [String], at now: Timestamp) -> Duration {
    firstLook.take(round.reading, isFetching: round.isFetching)
    let usual = max(settings.interval, min(round.reading.took * Self.share, Self.longestPause))
    let pause = firstLook.isEnough ? usual : min(usual, round.reading.took + FirstPoll.pause)
    current.phase = round.troubles.isEmpty ? .up : .degraded
    current.patience = max(pause, usual) * 2 + settings.deadline + .seconds(2)
    current.isComplete = current.isComplete || (round.troubles.isEmpty && firstLook.isEnough)
    current.lastSuccess = now
    current.latency = round.latency
    current.retryAt = nil
    outage = nil
    if round.troubles.isEmpty { unreachable = nil }
    current.notes = notes
    current.brokers = round.metadata.brokers.count
    current.partitions = round.reading.partitions.count
    current.topics = Set(round.reading.partitions.map(\.topic)).count
    let (first, others) = (round.troubles.first, round.troubles.count - 1)
    current.error = first.map { text in
      "\(text)\(others > 0 ? ", and \(others) other troubles" : ""); trying again in \(Self.text(pause))"
    }
    return pause
  }

  private static func text(_ duration: Duration) -> String {
    let milliseconds = Int(duration.milliseconds)
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}

/// Decides when the first samples are enough for a verdict. Pure.
///
/// A single sample is not enough for a group that has unread messages and members. Such groups are polled a few times in quick
/// succession, until their commits move or are known to be stuck.
struct FirstPoll {
  static let pause = Duration.milliseconds(250)
  private static let mostRounds = 5
  /// Limit while the messages after the commits are being fetched.
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
      // An open transaction that is seen only once may end in a moment.
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

  /// Whether the group has members, or its members are unknown, and has unread messages.
  private static func hasWork(_ group: GroupSample, _ ends: [TopicPartitionKey: Int64?]) -> Bool {
    if let members = group.members, members.isEmpty { return false }
    return group.commits?.contains { commit in
      guard let offset = commit.offset else { return false }
      let end = ends[TopicPartitionKey(topic: commit.topic, partition: commit.partition)] ?? nil
      return end.map { $0 > offset } ?? false
    } ?? false
  }
}
