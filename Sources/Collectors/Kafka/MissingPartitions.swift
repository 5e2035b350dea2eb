import Clients
import Core

/// Partitions that should be read but cannot be read.
struct MissingPartitions {
  private static let mostNamed = 3
  private static let mostListed = 1000

  private var byLeader: [String: [TopicPartition]] = [:]
  /// Why a leader cannot be reached, as a sentence, by its address.
  private var reasons: [String: String] = [:]
  private var leaderless: [TopicPartition] = []
  /// Why the partitions of topics are not known, by topic.
  private let troubled: [String: String]

  init(troubled: [String: String] = [:]) { self.troubled = troubled }

  /// The partitions of `ids` that have no leader or whose topic has an error.
  init(of ids: Set<TopicPartition>, in metadata: ClusterMetadata) {
    let topics = Set(ids.map(\.topic))
    self.init(troubled: metadata.troubled.filter { topics.contains($0.key) })
    for (topic, partitions) in metadata.topics where topics.contains(topic) {
      let lost = partitions.filter { $0.leader < 0 }.map { TopicPartition(topic: topic, partition: $0.id) }
      leaderless += lost.filter(ids.contains)
    }
  }

  var isEmpty: Bool { byLeader.isEmpty && leaderless.isEmpty && troubled.isEmpty }

  /// `leader`: `host:port` of the leader that does not respond; `nil` if the partitions have no leader.
  mutating func add(_ partitions: [TopicPartition], leader: String?, reason: String? = nil) {
    if let leader, let reason { reasons[leader] = reason }
    if let leader { byLeader[leader, default: []] += partitions } else { leaderless += partitions }
  }

  /// The problem in one sentence; `nil` if no partition is missing.
  var text: String? {
    var parts = byLeader.sorted { $0.key < $1.key }.map { leader, partitions in
      reasons[leader].map { "\($0): \(Self.names(partitions)) cannot be read" }
        ?? "\(leader) does not answer for \(Self.names(partitions))"
    }
    if !leaderless.isEmpty { parts.append("no broker leads \(Self.names(leaderless))") }
    if let (topic, reason) = troubled.min(by: { $0.key < $1.key }) {
      let rest = troubled.count > 1 ? "; and \(troubled.count - 1) more topics" : ""
      parts.append("the partitions of \(topic) are not known: \(reason)\(rest)")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The missing partitions individually.
  var list: [SourceStatus.MissingPartition] {
    let all: [(leader: String?, partitions: [TopicPartition])] =
      byLeader.map { ($0.key, $0.value) } + [(nil, leaderless)]
    let missing = all.flatMap { leader, partitions in
      partitions.map { SourceStatus.MissingPartition(topic: $0.topic, partition: $0.partition, leader: leader) }
    }
    return Array(missing.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }.prefix(Self.mostListed))
  }

  private static func names(_ partitions: [TopicPartition]) -> String {
    let names = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }.prefix(mostNamed).map {
      "\($0.topic)[\($0.partition)]"
    }
    let rest = partitions.count - names.count
    return names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more partitions" : "")
  }
}

/// Followed partitions whose messages the library could not read, such as a batch that it cannot decompress. It reports some errors only
/// once, so an error counts until a message or the end of the partition arrives.
struct UnreadablePartitions {
  private static let most = 1000

  private var reasons: [TopicPartition: String] = [:]

  var ids: [TopicPartition] { Array(reasons.keys) }

  func contains(_ id: TopicPartition) -> Bool { reasons[id] != nil }

  /// Returns whether its partition was readable before, and is not now. An error without a topic is not about a partition.
  mutating func note(_ received: borrowing Received) -> Bool {
    let kind = received.kind
    if case .error = kind {} else if reasons.isEmpty { return false }
    return note(kind, of: TopicPartition(topic: Bytes.string(received.topic), partition: received.partition))
  }

  mutating func note(_ kind: Received.Kind, of id: TopicPartition) -> Bool {
    guard case .error(let reason) = kind else {
      reasons[id] = nil
      return false
    }
    guard !id.topic.isEmpty, id.partition >= 0, reasons.count < Self.most || reasons[id] != nil else { return false }
    return reasons.updateValue(reason, forKey: id) == nil
  }

  mutating func keep(_ isThere: (TopicPartition) -> Bool) { reasons = reasons.filter { isThere($0.key) } }

  /// These and the missing partitions as a sentence; `nil` if there are none.
  func text(after missing: String?) -> String? {
    let parts = [missing, text].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ") + "; trying again"
  }

  private var text: String? {
    guard let (id, reason) = reasons.min(by: { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) })
    else { return nil }
    let rest = reasons.count > 1 ? "; and \(reasons.count - 1) more partitions" : ""
    return "\(id.topic)[\(id.partition)] cannot be read: \(reason.prefix(300))\(rest)"
  }
}

/// Leaders that did not respond to the last request. They are not asked again at once, because reading is blocked by a request.
struct SilentLeaders {
  /// Time after which a leader is asked again.
  private static let pause = Duration.seconds(10)

  private var until: [Int32: Timestamp] = [:]
  /// Why a leader cannot be reached, by broker id, if known.
  var reasons: [Int32: String] = [:]

  /// A time that is too far in the future was set before the clock was set back.
  func contains(_ leader: Int32, at now: Timestamp) -> Bool {
    until[leader].map { now < $0 && $0 - now <= Self.pause } ?? false
  }

  mutating func add(_ leader: Int32, at now: Timestamp) { until[leader] = now + Self.pause }

  mutating func remove(_ leader: Int32) { (until[leader], reasons[leader]) = (nil, nil) }
}

/// Explains why a broker from the cluster's metadata cannot be reached. A broker behind a forwarded port often advertises an address that
/// is only known in its own network: then only the first connection works.
enum BrokerAddress {
  /// "broker 1 advertises kafka-1:9092, which cannot be resolved"; `nil` if the error is about none of the brokers, or about a configured
  /// address.
  static func sentence(_ complaint: String?, brokers: [Int32: String], bootstrap: String) -> String? {
    guard let complaint else { return nil }
    let known = Set(bootstrap.split(separator: ",").map { $0.filter { $0 != " " } })
    let found = brokers.sorted { $0.key < $1.key }.first { !known.contains($0.value) && complaint.contains($0.value) }
    return found.map { "broker \($0.key) advertises \($0.value), which \(fault(complaint))" }
  }

  static func sentence(
    for address: String, _ complaint: String?, brokers: [Int32: String], bootstrap: String
  ) -> String? {
    sentence(complaint, brokers: brokers.filter { $0.value == address }, bootstrap: bootstrap)
  }

  private static func fault(_ complaint: String) -> String {
    let text = complaint.lowercased()
    if text.contains("refused") { return "refuses connections" }
    if text.contains("resolve") { return "cannot be resolved" }
    if text.contains("timed out") || text.contains("timeout") { return "does not answer" }
    return "cannot be reached"
  }
}
