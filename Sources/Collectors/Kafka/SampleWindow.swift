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

  /// `nil` where no more lies there than is wanted, or nobody answers.
  func start(of topics: [String: [ClusterMetadata.Partition]], now: Timestamp) -> Timestamp? {
    var byLeader: [Int32: [TopicPartition]] = [:]
    for (topic, partitions) in topics {
      for partition in partitions where partition.leader >= 0 {
        byLeader[partition.leader, default: []].append(TopicPartition(topic: topic, partition: partition.id))
      }
    }
    let leaders = byLeader.values.map { $0 }
    let ends = offsets(leaders, -1)
    let written = leaders.map { $0.filter { ends[$0] ?? 0 > 0 } }
    guard count(from: offsets(written, -2), to: ends) > messages else { return nil }
    var start = now - Self.shortest
    for step in 1..<Self.most {
      let earlier = now - Self.shortest * (1 << step)
      guard count(from: offsets(written, earlier.milliseconds), to: ends) <= messages else { break }
      start = earlier
    }
    return start
  }

  private func offsets(_ leaders: [[TopicPartition]], _ position: Int64) -> [TopicPartition: Int64] {
    leaders.filter { !$0.isEmpty }.reduce(into: [:]) { all, ids in all.merge(ask(ids, position)) { first, _ in first } }
  }

  private func count(from starts: [TopicPartition: Int64], to ends: [TopicPartition: Int64]) -> Int {
    var counts: [String: Int] = [:]
    for (id, start) in starts where start >= 0 {
      counts[id.topic, default: 0] += max(0, Int(clamping: (ends[id] ?? start) &- start))
    }
    return counts.values.reduce(0) { $0 + min($1, perTopic) }
  }
}
