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
