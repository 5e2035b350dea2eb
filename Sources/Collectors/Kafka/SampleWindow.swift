import Clients
import Core
import Text

/// Finds the instant since which about the requested number of messages was written, and not more. All topics are read from this one
/// instant, so that related messages are read together; the newest messages of each topic would cover different periods.
struct SampleWindow {
  private static let shortest = Duration.seconds(15)
  /// Maximum number of doublings of 15 s: about eight years.
  private static let most = 24

  /// Maximum number of messages of all topics together, and the maximum that one topic counts as.
  let messages: Int
  let perTopic: Int
  /// Requests offsets of partitions of one leader, at −2 (start), −1 (end) or a time in milliseconds; the result is −1 if there is no
  /// message since then.
  let ask: ([TopicPartition], Int64) -> [TopicPartition: Int64]

  /// `nil` if there are not more messages than requested, no leader responds, or the broker finds no offsets by time.
  func start(of topics: [String: [ClusterMetadata.Partition]], now: Timestamp) -> Timestamp? {
    let all = LeaderOffsets(topics, ask: ask)
    let ends = all.at(-1)
    let written = all.only { ends[$0] ?? 0 > 0 }
    guard count(from: written.at(-2), to: ends) > messages else { return nil }
    // Binary search: `near` doublings are not too many messages, `far` doublings are. A broker may need long to look up offsets by time.
    var (near, far) = (-1, Self.most)
    var isFound = false
    while far - near > 1 {
      let step = (near + far) / 2
      let found = written.at((now - Self.shortest * (1 << step)).milliseconds)
      isFound = isFound || found.values.contains { $0 >= 0 }
      if count(from: found, to: ends) <= messages { near = step } else { far = step }
    }
    return isFound ? now - Self.shortest * (1 << max(near, 0)) : nil
  }

  private func count(from starts: [TopicPartition: Int64], to ends: [TopicPartition: Int64]) -> Int {
    var counts: [String: Int] = [:]
    for (id, start) in starts where start >= 0 {
      let count = max(0, Int(clamping: (ends[id] ?? start).saturating(minus: start)))
      counts[id.topic, default: 0] = counts[id.topic, default: 0].saturating(plus: count)
    }
    return counts.values.reduce(0) { $0.saturating(plus: min($1, perTopic)) }
  }
}

extension ReadWindow {
  /// Chooses the start time. If there are too many messages, the newest are read first. `since`: the requested time; `nil` requests
  /// everything. `ask`: as `SampleWindow.ask`.
  init(
    _ settings: KafkaSettings, of topics: [String: [ClusterMetadata.Partition]], since: Timestamp?, now: Timestamp,
    ask: @escaping ([TopicPartition], Int64) -> [TopicPartition: Int64]
  ) {
    let sample = since == nil ? settings.sample : nil
    let window = SampleWindow(
      messages: sample?.messages ?? settings.newest, perTopic: sample?.perTopic ?? .max, ask: ask)
    let start = settings.sample != nil && sample == nil ? nil : window.start(of: topics, now: now)
    var wanted = since
    if sample != nil { wanted = start }
    if start != nil, settings.since == .usual, sample == nil { wanted = now - ReadSpan.usualSpan }
    self.init(wantedSince: wanted, readSince: [wanted, start].compactMap(\.self).max())
  }
}

/// Offsets of partitions of several leaders. Each leader is asked separately: if one is dead, librdkafka loses the responses of the others
/// too.
struct LeaderOffsets {
  private let leaders: [[TopicPartition]]
  /// As `SampleWindow.ask`.
  private let ask: ([TopicPartition], Int64) -> [TopicPartition: Int64]

  init(
    _ topics: [String: [ClusterMetadata.Partition]], ask: @escaping ([TopicPartition], Int64) -> [TopicPartition: Int64]
  ) {
    var byLeader: [Int32: [TopicPartition]] = [:]
    for (topic, partitions) in topics {
      for partition in partitions where partition.leader >= 0 {
        byLeader[partition.leader, default: []].append(TopicPartition(topic: topic, partition: partition.id))
      }
    }
    self.init(byLeader.values.map { $0 }, ask)
  }

  private init(_ leaders: [[TopicPartition]], _ ask: @escaping ([TopicPartition], Int64) -> [TopicPartition: Int64]) {
    self.leaders = leaders
    self.ask = ask
  }

  func only(_ isWanted: (TopicPartition) -> Bool) -> LeaderOffsets {
    LeaderOffsets(leaders.map { $0.filter(isWanted) }.filter { !$0.isEmpty }, ask)
  }

  /// Partitions without a response are missing in the result.
  func at(_ position: Int64) -> [TopicPartition: Int64] {
    leaders.reduce(into: [:]) { all, ids in all.merge(ask(ids, position)) { first, _ in first } }
  }
}
