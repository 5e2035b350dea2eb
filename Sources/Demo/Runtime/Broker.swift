/// The Kafka that a system runs on, with a client for publishing on it.
struct Broker {
  /// HOST:PORT.
  let bootstrap: String
  /// What it is, for people.
  let description: String
  let producer: KafkaHandle
  /// The server process, if the demo started one.
  let server: NoidaServer?
  /// The cluster, where it is inside this process.
  let mockCluster: KafkaMockCluster?

  struct Topic {
    let name: String
    let partitions: Int
  }

  /// What a style wants of the broker.
  struct Cluster {
    /// How many, where it is the mock cluster; others are as many as they are.
    var brokers = 1
    /// A codec of librdkafka's, for what is published.
    var compression = "none"
  }

  /// Starts or finds what was chosen and creates the topics there.
  static func open(_ choice: BrokerChoice, topics: [Topic], cluster: Cluster) throws -> Broker {
    switch choice {
    case .mock: return try mock(topics, cluster)
    case .existing(let bootstrap):
      return try connected(to: bootstrap, "as given", server: nil, topics, cluster)
    case .noida:
      guard let program = NoidaServer.find() else {
        throw SystemFailure(
          "noida-db was not found: set SAGATOP_NOIDA, put it at .cache/noida-db, or use --broker mock")
      }
      return try noida(program, topics, cluster)
    case .auto:
      guard let program = NoidaServer.find(), let broker = try? noida(program, topics, cluster) else {
        return try mock(topics, cluster)
      }
      return broker
    }
  }

  private static func noida(_ program: String, _ topics: [Topic], _ cluster: Cluster) throws -> Broker {
    let server = try NoidaServer(program: program)
    do {
      return try connected(to: "127.0.0.1:\(server.port)", "noida-db", server: server, topics, cluster)
    } catch {
      server.end()
      throw error
    }
  }

  private static func connected(
    to bootstrap: String, _ description: String, server: NoidaServer?, _ topics: [Topic], _ cluster: Cluster
  ) throws -> Broker {
    let producer = try client(["bootstrap.servers": bootstrap], cluster)
    do {
      for (partitions, names) in byPartitions(topics) {
        try KafkaTopics.create(names, partitions: partitions, on: producer, timeout: 5000)
      }
      try KafkaTopics.locate(topics.map(\.name), on: producer, timeout: 5000)
    } catch {
      throw SystemFailure("Kafka at \(bootstrap): \(error)")
    }
    return Broker(
      bootstrap: bootstrap, description: description, producer: producer, server: server, mockCluster: nil)
  }

  private static func mock(_ topics: [Topic], _ wanted: Cluster) throws -> Broker {
    let producer = try client(KafkaMockCluster.settings(brokers: wanted.brokers), wanted)
    let cluster = try KafkaMockCluster(of: producer)
    for topic in topics { try cluster.create(topic.name, partitions: topic.partitions) }
    try KafkaTopics.locate(topics.map(\.name), on: producer, timeout: 5000)
    return Broker(
      bootstrap: cluster.bootstrap, description: "librdkafka's mock cluster", producer: producer, server: nil,
      mockCluster: cluster)
  }

  private static func byPartitions(_ topics: [Topic]) -> [(Int, [String])] {
    Dictionary(grouping: topics, by: \.partitions).sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(\.name)) }
  }

  private static func client(_ settings: [String: String], _ cluster: Cluster) throws(KafkaFailure) -> KafkaHandle {
    let common = [
      "linger.ms": "0", "acks": "all", "message.timeout.ms": "30000", "compression.type": cluster.compression,
    ]
    return try KafkaHandle(
      .producer, name: "demo", settings: common.merging(settings) { _, given in given }, events: [.deliveries])
  }
}
