import Core
import TestSupport

/// The cluster for the lag benchmark: 200 groups, 50 topics with 20 partitions each. Each group has committed 60 partitions.
final class LagCluster {
  static let (groups, topics, partitionsOfTopic, topicsOfGroup) = (200, 50, 20, 3)

  let server: NoidaServer
  private(set) var lag = 0

  init() throws {
    server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    for topic in Self.topicNames { try producer.createTopic(topic, partitions: Int32(Self.partitionsOfTopic)) }
    try producer.write(
      Self.topicNames.flatMap { topic in
        (0..<Self.partitionsOfTopic * Self.messages).map { number in
          .init(topic, "message \(number)", partition: Int32(number % Self.partitionsOfTopic))
        }
      })
    try commit()
  }

  private static let messages = 5
  static let topicNames = (0..<topics).map { "topic-\($0)" }
  static let groupNames = (0..<groups).map { "group-\($0)" }
  static var partitions: [(topic: String, partition: Int32)] {
    topicNames.flatMap { topic in (0..<partitionsOfTopic).map { (topic, Int32($0)) } }
  }

  private func commit() throws {
    let offsets = Dictionary(
      uniqueKeysWithValues: (0..<Self.partitionsOfTopic).map { (Int32($0), Int64($0 % Self.messages)) })
    var commits: [String: [String: [Int32: Int64]]] = [:]
    for (number, group) in Self.groupNames.enumerated() {
      for place in 0..<Self.topicsOfGroup {
        commits[group, default: [:]][Self.topicNames[(number + place) % Self.topics]] = offsets
      }
    }
    try TestGroups(server.brokers).commit(commits)
    let behind = offsets.values.reduce(0) { $0 + Self.messages - Int($1) }
    lag = behind * Self.topicsOfGroup * Self.groups
  }
}
