import Clients
import Core

/// Samples all consumer groups of one cluster. Belongs to one thread, which calls `read` once per round. It waits for all responses at
/// one place, and any response wakes it.
final class LagReader {
  private let settings: LagSettings
  /// Its log ends are high watermarks.
  private let client: GroupClient
  private let stable: GroupClient
  private let inquiry: GroupRequestTracker
  private let logs: LogOffsets
  private let topics: TopicNames
  private let absent: AbsentTopics
  /// Partitions of listed topics that were missing in the metadata of the previous round.
  private var unlisted: Set<TopicPartitionKey> = []
  private let fetches: [FirstMessages]
  private let bell: WakeUp
  private let now: @Sendable () -> Timestamp
  private let isStopping: @Sendable () -> Bool
  private var catalog: GroupCatalog
  /// Whether a topic is always shown. Cached because regular expressions are expensive.
  private var watched: [String: Bool] = [:]

  /// `bell` must also be rung when `isStopping` becomes true.
  init(
    _ settings: LagSettings, symbols: SymbolTable, bell: WakeUp, now: @escaping @Sendable () -> Timestamp,
    isStopping: @escaping @Sendable () -> Bool
  ) throws(KafkaError) {
    self.settings = settings
    self.bell = bell
    self.now = now
    self.isStopping = isStopping
    client = try GroupClient(settings.kafka.access, isolation: .uncommitted)
    stable = try GroupClient(settings.kafka.access, isolation: .committed)
    topics = TopicNames(symbols)
    inquiry = try GroupRequestTracker(settings, bell: bell, topics: topics)
    logs = LogOffsets(client, stable: stable, bell: bell, topics: topics)
    absent = AbsentTopics(client, bell: bell)
    fetches = [
      FirstMessages(stable, .committed, bell: bell, topics: topics),
      FirstMessages(client, .uncommitted, bell: bell, topics: topics),
    ]
    catalog = GroupCatalog(patterns: settings.patterns, configured: settings.groups)
  }

  /// Information for the reader that is no failure.
  var notes: [String] {
    var notes: [String] = []
    if case .impossible(let reason) = catalog.listing {
      notes.append("the broker does not list its consumer groups (\(reason)): only those that are configured are shown")
    }
    if catalog.omitted > 0 {
      notes.append("\(catalog.omitted) more consumer groups are not shown: choose with `groups` of `kafka`")
    }
    return notes
  }

  /// Runs one round, which ends by `settings.deadline`. Fails if no broker returns the cluster metadata; nothing is known then.
  func read() -> Result<LagPoll, KafkaError> {
    let deadline = PollDeadline(start: .now, length: settings.deadline)
    let before = requests
    let metadata: (ClusterMetadata, latency: Duration)
    switch discover(deadline) {
    case .failure(let error): return .failure(error)
    case .success(let answer): metadata = answer
    }
    var (groups, troubles) = readGroups(deadline, metadata.0)
    let partitions = partitions(of: groups, metadata.0)
    let time = now()
    logs.ask(partitions.byLeader)
    wait(until: deadline.instant(PollDeadline.offsets)) { logs.isDone() }
    troubles += logs.silent.map { leader in
      let place = metadata.0.brokers[leader] ?? "broker \(leader)"
      return "\(place) does not answer for the offsets of \(partitions.byLeader[leader]?.count ?? 0) partitions"
    }
    if !partitions.leaderless.isEmpty { troubles.append("\(partitions.leaderless.count) partitions have no leader") }
    groups.sort { $0.name < $1.name }
    var reading = LagSample(
      time: time, took: deadline.start.duration(to: .now), isListed: catalog.isListed,
      partitions: logs.offsets + partitions.leaderless, gone: partitions.gone, found: fetches.flatMap { $0.take() },
      groups: groups, incompleteness: catalog.incompleteness)
    reading.requests = requests - before
    for fetch in fetches { fetch.look(at: reading) }
    return .success(
      LagPoll(
        reading: reading, metadata: metadata.0, latency: metadata.latency,
        isFetching: fetches.contains(where: \.isFetching),
        troubles: troubles))
  }

  private var requests: Int { client.requests + stable.requests + inquiry.requests }

  /// The last error of the client since the previous call.
  func takeComplaint() -> String? {
    inquiry.takeComplaint()
    _ = stable.takeError()
    return client.takeError()
  }

  /// Requests the topics and, concurrently, the list of groups.
  private func discover(_ deadline: PollDeadline) -> Result<(ClusterMetadata, latency: Duration), KafkaError> {
    var listing: GroupAdminRequests?
    if catalog.mustAsk(at: now()) { listing = GroupAdminRequests(client, bell: bell, topics: topics) }
    listing?.list(timeout: deadline.rest(PollDeadline.listing))
    let timeout = deadline.rest(PollDeadline.offsets)
    let call = BlockingCall(bell: bell) { [client] in (client.metadata(timeout: timeout), ContinuousClock.now) }
    wait(until: deadline.instant(PollDeadline.listing)) {
      if let questions = listing, takeListing(questions) { listing = nil }
      return listing == nil && call.answer != nil
    }
    wait(until: deadline.instant(PollDeadline.offsets)) { call.answer != nil }
    guard let (answer, instant) = call.answer else {
      return .failure(KafkaError(description: "no answer within \(Int(settings.deadline.milliseconds)) ms"))
    }
    return answer.map { ($0, deadline.start.duration(to: instant)) }
  }

  /// Returns whether a response has arrived.
  private func takeListing(_ questions: GroupAdminRequests) -> Bool {
    var isThere = false
    questions.drain { answer in
      guard case .listing(let names, let failures) = answer else { return }
      catalog.take(names, failures: failures, at: now())
      isThere = true
    }
    return isThere
  }

  /// Requests the commits and members of every group concurrently.
  private func readGroups(_ deadline: PollDeadline, _ metadata: ClusterMetadata) -> (
    [GroupSample], troubles: [String]
  ) {
    // Brokers that cannot list groups cannot return all commits of a group either.
    inquiry.ask(catalog.names, only: catalog.isListed ? nil : watchedPartitions(metadata))
    wait(until: deadline.instant(PollDeadline.groups)) {
      inquiry.drain()
      return inquiry.isDone
    }
    var assembly = GroupAssembly(canDescribe: catalog.isListed)
    let groups = catalog.names.map {
      assembly.group($0, commits: inquiry.commits[$0], description: inquiry.descriptions[$0])
    }
    return (groups, assembly.troubles)
  }

  /// Partitions for which offsets are requested, and partitions for which this is impossible.
  private struct Partitions {
    var byLeader: [Int32: [TopicPartitionKey]] = [:]
    var leaderless: [PartitionOffsets] = []
    /// Partitions used by a group that do not exist.
    var gone: [TopicPartitionKey] = []
  }

  /// The partitions used by groups, and all partitions of watched and dead-letter topics.
  private func partitions(of groups: [GroupSample], _ metadata: ClusterMetadata) -> Partitions {
    var wanted: Set<TopicPartitionKey> = []
    for group in groups {
      for commit in group.commits ?? [] { wanted.insert(.init(topic: commit.topic, partition: commit.partition)) }
      for member in group.members ?? [] { wanted.formUnion(member.partitions) }
    }
    watched = watched.filter { metadata.topics[$0.key] != nil }
    var found = Partitions()
    for (name, partitions) in metadata.topics {
      let symbol = topics.symbol(name)
      let isWatched = isWatched(name)
      for partition in partitions {
        let key = TopicPartitionKey(topic: symbol, partition: partition.id)
        guard wanted.remove(key) != nil || isWatched else { continue }
        if partition.leader >= 0 {
          found.byLeader[partition.leader, default: []].append(key)
        } else {
          found.leaderless.append(.init(topic: symbol, partition: partition.id, start: nil, end: nil))
        }
      }
    }
    found.gone = gone(wanted, metadata)
    return found
  }

  /// The partitions that surely do not exist. A topic may also be missing from the metadata because of a denied permission.
  private func gone(_ partitions: Set<TopicPartitionKey>, _ metadata: ClusterMetadata) -> [TopicPartitionKey] {
    let absentTopics = Set(partitions.map { topics.name($0.topic) }.filter { metadata.topics[$0] == nil })
    let gone = absent.gone(among: absentTopics, at: now())
    // A new partition can be missing in metadata that is older than its first commit.
    let before = unlisted
    unlisted = partitions.filter { !absentTopics.contains(topics.name($0.topic)) }
    return partitions.filter { key in
      unlisted.contains(key) ? before.contains(key) : gone.contains(topics.name(key.topic))
    }.sorted { ($0.topic.number, $0.partition) < ($1.topic.number, $1.partition) }
  }

  private func watchedPartitions(_ metadata: ClusterMetadata) -> [TopicPartition] {
    metadata.topics.filter { isWatched($0.key) }.flatMap { topic, partitions in
      partitions.map { TopicPartition(topic: topic, partition: $0.id) }
    }
  }

  private func isWatched(_ topic: String) -> Bool {
    if let known = watched[topic] { return known }
    let verdict = DeadLetterTopic.isName(topic) || settings.kafka.wants(topic: topic)
    watched[topic] = verdict
    return verdict
  }

  /// Blocks until `isDone`, until `instant`, or until the program stops.
  private func wait(until instant: ContinuousClock.Instant, _ isDone: () -> Bool) {
    while !isDone(), !isStopping(), .now < instant { bell.wait(until: instant) }
  }
}

/// The result of one round: the sample, and what is missing in it.
struct LagPoll {
  var reading: LagSample
  var metadata: ClusterMetadata
  /// Round-trip time of the first request.
  var latency: Duration
  /// A fetch of the messages after unmoved commits is running.
  var isFetching = false
  /// Requests that timed out; the next round repeats them.
  var troubles: [String] = []
}

/// Deadlines for the parts of one round. An early part must not use the time of a later one.
struct PollDeadline {
  /// Shares of the whole round.
  static let (listing, groups, offsets) = (0.4, 0.7, 1.0)

  let start: ContinuousClock.Instant
  let length: Duration

  /// The instant at which this share of the round is over.
  func instant(_ share: Double) -> ContinuousClock.Instant { start + length * share }

  /// Time left in this share for a request. 20 ms less, so that a timeout reported by librdkafka still arrives in time.
  func rest(_ share: Double) -> Duration {
    max(.milliseconds(1), ContinuousClock.now.duration(to: instant(share)) - .milliseconds(20))
  }
}
