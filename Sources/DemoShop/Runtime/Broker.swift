/// The Kafka that the shop runs on, with a client for publishing on it.
struct Broker {
  /// HOST:PORT.
  let bootstrap: String
  /// What it is, for people.
  let description: String
  let producer: KafkaHandle
  /// The server process, if the shop started one.
  let server: NoidaServer?

  /// Starts or finds what was chosen and creates the shop's topics there.
  static func open(_ choice: BrokerChoice) throws -> Broker {
    switch choice {
    case .mock: return try mock()
    case .existing(let bootstrap): return try connected(to: bootstrap, "as given", server: nil)
    case .noida:
      guard let program = NoidaServer.find() else {
        throw SystemFailure(
          "noida-db was not found: set SAGATOP_NOIDA, put it at .cache/noida-db, or use --broker mock")
      }
      return try noida(program)
    case .auto:
      guard let program = NoidaServer.find(), let broker = try? noida(program) else { return try mock() }
      return broker
    }
  }

  private static func noida(_ program: String) throws -> Broker {
    let server = try NoidaServer(program: program)
    do {
      return try connected(to: "127.0.0.1:\(server.port)", "noida-db", server: server)
    } catch {
      server.end()
      throw error
    }
  }

  private static func connected(to bootstrap: String, _ description: String, server: NoidaServer?) throws -> Broker {
    let producer = try client(["bootstrap.servers": bootstrap])
    do {
      try KafkaTopics.create(topics, partitions: Topic.partitions, on: producer, timeout: 5000)
      try KafkaTopics.locate(topics, on: producer, timeout: 5000)
    } catch {
      throw SystemFailure("Kafka at \(bootstrap): \(error)")
    }
    return Broker(bootstrap: bootstrap, description: description, producer: producer, server: server)
  }

  private static func mock() throws -> Broker {
    let producer = try client(KafkaMockCluster.settings)
    let cluster = try KafkaMockCluster(of: producer, topics: topics, partitions: Topic.partitions)
    try KafkaTopics.locate(topics, on: producer, timeout: 5000)
    return Broker(
      bootstrap: cluster.bootstrap, description: "librdkafka's mock cluster", producer: producer, server: nil)
  }

  private static let topics = Topic.allCases.map(\.rawValue) + [Topic.deadLetters(of: Topic.inventoryReserved.rawValue)]

  private static func client(_ settings: [String: String]) throws(KafkaFailure) -> KafkaHandle {
    let common = ["linger.ms": "0", "acks": "all", "message.timeout.ms": "30000"]
    return try KafkaHandle(
      .producer, name: "shop", settings: common.merging(settings) { _, given in given }, events: [.deliveries])
  }
}
