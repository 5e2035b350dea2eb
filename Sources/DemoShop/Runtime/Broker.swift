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

  private struct Topics {
    let names: [String]
    let partitions: Int
  }

  /// Starts or finds what was chosen and creates the topics there.
  static func open(_ choice: BrokerChoice, topics names: [String], partitions: Int) throws -> Broker {
    let topics = Topics(names: names, partitions: partitions)
    switch choice {
    case .mock: return try mock(topics)
    case .existing(let bootstrap): return try connected(to: bootstrap, "as given", server: nil, topics)
    case .noida:
      guard let program = NoidaServer.find() else {
        throw SystemFailure(
          "noida-db was not found: set SAGATOP_NOIDA, put it at .cache/noida-db, or use --broker mock")
      }
      return try noida(program, topics)
    case .auto:
      guard let program = NoidaServer.find(), let broker = try? noida(program, topics) else {
        return try mock(topics)
      }
      return broker
    }
  }

  private static func noida(_ program: String, _ topics: Topics) throws -> Broker {
    let server = try NoidaServer(program: program)
    do {
      return try connected(to: "127.0.0.1:\(server.port)", "noida-db", server: server, topics)
    } catch {
      server.end()
      throw error
    }
  }

  private static func connected(
    to bootstrap: String, _ description: String, server: NoidaServer?, _ topics: Topics
  ) throws -> Broker {
    let producer = try client(["bootstrap.servers": bootstrap])
    do {
      try KafkaTopics.create(topics.names, partitions: topics.partitions, on: producer, timeout: 5000)
      try KafkaTopics.locate(topics.names, on: producer, timeout: 5000)
    } catch {
      throw SystemFailure("Kafka at \(bootstrap): \(error)")
    }
    return Broker(
      bootstrap: bootstrap, description: description, producer: producer, server: server, mockCluster: nil)
  }

  private static func mock(_ topics: Topics) throws -> Broker {
    let producer = try client(KafkaMockCluster.settings)
    let cluster = try KafkaMockCluster(of: producer, topics: topics.names, partitions: topics.partitions)
    try KafkaTopics.locate(topics.names, on: producer, timeout: 5000)
    return Broker(
      bootstrap: cluster.bootstrap, description: "librdkafka's mock cluster", producer: producer, server: nil,
      mockCluster: cluster)
  }

  private static func client(_ settings: [String: String]) throws(KafkaFailure) -> KafkaHandle {
    let common = ["linger.ms": "0", "acks": "all", "message.timeout.ms": "30000"]
    return try KafkaHandle(
      .producer, name: "demo", settings: common.merging(settings) { _, given in given }, events: [.deliveries])
  }
}
