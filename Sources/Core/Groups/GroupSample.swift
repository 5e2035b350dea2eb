/// One consumer group as a round found it. What could not be learned is `nil`, and the rest still counts.
package struct GroupSample: Sendable, Equatable {
  /// Kafka's states of a group (KIP-222), by the names that the broker gives them.
  package enum State: String, Sendable, CaseIterable {
    case stable = "Stable"
    case preparingRebalance = "PreparingRebalance"
    case completingRebalance = "CompletingRebalance"
    case empty = "Empty"
    case dead = "Dead"
  }

  /// The offset that a group would read next.
  package struct Commit: Sendable, Equatable {
    package var topic: Symbol
    package var partition: Int32
    /// `nil` where it never committed.
    package var offset: Int64?

    package init(topic: Symbol, partition: Int32, offset: Int64?) {
      self.topic = topic
      self.partition = partition
      self.offset = offset
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
  /// It never had members: who commits for it assigns itself what it reads (Flink, Spark, `assign`). `nil` where that is not known.
  package var isSimple: Bool?
  package var members: [Member]?
  package var commits: [Commit]?
  /// Why something is `nil`.
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

/// Names one partition.
package struct TopicPartitionKey: Hashable, Sendable {
  package var topic: Symbol
  package var partition: Int32

  package init(topic: Symbol, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }
}

/// Where a partition's log begins and ends.
package struct PartitionOffsets: Sendable, Equatable {
  package var topic: Symbol
  package var partition: Int32
  /// The first offset that is still there; `nil` without an answer in this round.
  package var start: Int64?
  /// The high watermark: the offset that the next message will get; `nil` without an answer in this round.
  package var end: Int64?
  /// The last stable offset: the first offset of a transaction that is still open, else the high watermark. `nil` where it was not read.
  package var stable: Int64?

  package init(topic: Symbol, partition: Int32, start: Int64?, end: Int64?, stable: Int64? = nil) {
    self.topic = topic
    self.partition = partition
    self.start = start
    self.end = end
    self.stable = stable
  }

  package var key: TopicPartitionKey { TopicPartitionKey(topic: topic, partition: partition) }
}

/// What one bounded fetch found in a partition from an offset on.
package struct FirstMessage: Sendable, Equatable {
  package var key: TopicPartitionKey
  /// Where the fetch began.
  package var from: Int64
  /// The first message's offset or, without one, the end of what can be read. No message lies between `from` and this.
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

/// One round of looking at a cluster's consumer groups.
package struct LagSample: Sendable {
  /// When the log end offsets were read. Commits are read before them, so that a commit never lies beyond its end.
  package var time: Timestamp
  /// How long the round took.
  package var took: Duration
  /// Requests that it sent.
  package var requests: Int
  /// False where the broker cannot list groups, or may not: `groups` are then just those that are configured.
  package var isListed: Bool
  package var partitions: [PartitionOffsets]
  /// Partitions to which a group committed, or that it is assigned, and that the cluster does not have (any more).
  package var gone: [TopicPartitionKey]
  /// What fetches have found since the last round.
  package var found: [FirstMessage]
  package var groups: [GroupSample]

  package init(
    time: Timestamp, took: Duration = .zero, requests: Int = 0, isListed: Bool = true,
    partitions: [PartitionOffsets] = [], gone: [TopicPartitionKey] = [], found: [FirstMessage] = [],
    groups: [GroupSample] = []
  ) {
    self.time = time
    self.took = took
    self.requests = requests
    self.isListed = isListed
    self.partitions = partitions
    self.gone = gone
    self.found = found
    self.groups = groups
  }
}
