import Clients
import Core

/// Finds the instant since when so much was written as is wanted and no more. All topics are read from that one instant on: then what
/// belongs together is read together, where the first so many of each topic would be of different times.
struct SampleWindow {
  private static let shortest = Duration.seconds(15)
  /// The longest is 15 s doubled so often: about eight years.
  private static let most = 24

  /// Messages of all topics together, and of one of them: of a topic that has more, no more are counted.
  let messages: Int
  let perTopic: Int
  /// Offsets of partitions that one broker leads, at −2 (start), −1 (end) or an instant in milliseconds; −1 where nothing came since.
  let ask: ([TopicPartition], Int64) -> [TopicPartition: Int64]

  /// `nil` where no more lies there than is wanted, nobody answers, or the broker finds nothing by time.
  func start(of topics: [String: [ClusterMetadata.Partition]], now: Timestamp) -> Timestamp? {
    let all = LeaderOffsets(topics, ask: ask)
    let ends = all.at(-1)
    let written = all.only { ends[$0] ?? 0 > 0 }
    guard count(from: written.at(-2), to: ends) > messages else { return nil }
    // So many doublings are few enough, and so many too much; a broker may take long to find an instant.
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
      counts[id.topic, default: 0] += max(0, Int(clamping: (ends[id] ?? start) &- start))
    }
    return counts.values.reduce(0) { $0 + min($1, perTopic) }
  }
}

/// Offsets of the partitions of many leaders. Each leader is asked alone: where one is dead, librdkafka loses the answers of the others
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

  /// Partitions of which nothing was heard are missing.
  func at(_ position: Int64) -> [TopicPartition: Int64] {
    leaders.reduce(into: [:]) { all, ids in all.merge(ask(ids, position)) { first, _ in first } }
  }
}
