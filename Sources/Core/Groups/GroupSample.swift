/// One consumer group as found in one round. Values that could not be read are `nil`; the others are still valid.
package struct GroupSample: Sendable, Equatable {
  /// Kafka's group states (KIP-222), by the broker's names.
  package enum State: String, Sendable, CaseIterable {
    case stable = "Stable"
    case preparingRebalance = "PreparingRebalance"
    case completingRebalance = "CompletingRebalance"
    case empty = "Empty"
    case dead = "Dead"
  }

  /// The offset of the next message the group will read.
  package struct Commit: Sendable, Equatable {
    package var topic: Symbol
    package var partition: Int32
    /// `nil` if the group never committed. Not negative.
    package private(set) var offset: Int64?

    package init(topic: Symbol, partition: Int32, offset: Int64?) {
      self.topic = topic
      self.partition = partition
      self.offset = offset.known
    }
  }

  package struct Member: Sendable, Equatable {
    package var id: String
    package var clientID: String
    package var host: String
    package var partitions: [TopicPartitionKey]

    package init(id: String, clientID: String, host: String, partitions: [TopicPartitionKey] = []) {
      self.id = id
      self.clientID = clientID
      self.host = host
      self.partitions = partitions
    }
  }

  package var name: String
  package var state: State?
  /// It never had members: its clients assign partitions to themselves (Flink, Spark, `assign`). `nil` if unknown.
  package var isSimple: Bool?
  package var members: [Member]?
  package var commits: [Commit]?
  /// Why a value is `nil`.
  package var error: String?

  package init(
    name: String, state: State? = nil, isSimple: Bool? = nil, members: [Member]? = nil, commits: [Commit]? = nil,
    error: String? = nil
  ) {
    self.name = name
    self.state = state
    self.isSimple = isSimple
    self.members = members
    self.commits = commits
    self.error = error
  }
}

/// Identifies one partition.
package struct TopicPartitionKey: Hashable, Sendable {
  package var topic: Symbol
  package var partition: Int32

  package init(topic: Symbol, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }
}

extension Int64? {
  /// A negative offset of a broker is none. Without negative offsets no difference of two offsets overflows.
  fileprivate var known: Int64? { flatMap { $0 < 0 ? nil : $0 } }
}

/// The start and end offsets of a partition's log. None is negative.
package struct PartitionOffsets: Sendable, Equatable {
  package var topic: Symbol
  package var partition: Int32
  /// The first available offset; `nil` without a response in this round.
  package var start: Int64?
  /// The high watermark: the offset of the next message; `nil` without a response in this round.
  package var end: Int64?
  /// The last stable offset: the first offset of an open transaction, else the high watermark. `nil` if it was not read.
  package var stable: Int64?

  package init(topic: Symbol, partition: Int32, start: Int64?, end: Int64?, stable: Int64? = nil) {
    self.topic = topic
    self.partition = partition
    self.start = start.known
    self.end = end.known
    self.stable = stable.known
  }

  package var key: TopicPartitionKey { TopicPartitionKey(topic: topic, partition: partition) }
}

/// The result of one bounded fetch from an offset of a partition.
package struct FirstMessage: Sendable, Equatable {
  package var key: TopicPartitionKey
  /// The start offset of the fetch.
  package var from: Int64
  /// The offset of the first message or, without a message, the end of the readable log. No message lies between `from` and this.
  package var offset: Int64
  package var hasMessage: Bool
  /// The message's own timestamp.
  package var time: Timestamp?

  package init(key: TopicPartitionKey, from: Int64, offset: Int64, hasMessage: Bool, time: Timestamp? = nil) {
    self.key = key
    self.from = from
    self.offset = offset
    self.hasMessage = hasMessage
    self.time = time
  }
}

/// One poll of a cluster's consumer groups.
package struct LagSample: Sendable {
  /// When the log end offsets were read. Commits are read before them, so a commit is never beyond the end.
  package var time: Timestamp
  /// Duration of the round.
  package var took: Duration
  /// Number of requests sent.
  package var requests: Int
  /// `false` if the broker cannot list groups or denies it; `groups` then contains only the configured groups.
  package var isListed: Bool
  /// Why `groups` lacks groups that should be watched, as part of a sentence; `nil` if none is missing.
  package var incompleteness: String?
  package var partitions: [PartitionOffsets]
  /// Partitions with a commit or an assignment that do not exist in the cluster (any more).
  package var gone: [TopicPartitionKey]
  /// Results of the fetches since the last round.
  package var found: [FirstMessage]
  package var groups: [GroupSample]

  package init(
    time: Timestamp, took: Duration = .zero, requests: Int = 0, isListed: Bool = true,
    partitions: [PartitionOffsets] = [], gone: [TopicPartitionKey] = [], found: [FirstMessage] = [],
    groups: [GroupSample] = [], incompleteness: String? = nil
  ) {
    self.time = time
    self.took = took
    self.requests = requests
    self.isListed = isListed
    self.incompleteness = incompleteness
    self.partitions = partitions
    self.gone = gone
    self.found = found
    self.groups = groups
  }
}
