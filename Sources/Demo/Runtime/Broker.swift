import Glibc

/// The Kafka broker of a system, with a producer.
struct Broker {
  /// HOST:PORT.
  let bootstrap: String
  /// Description for the user.
  let description: String
  let producer: KafkaHandle
  /// The server process; `nil` if the demo did not start one.
  let server: NoidaServer?
  /// The mock cluster; `nil` for other brokers.
  let mockCluster: KafkaMockCluster?

  struct Topic {
    let name: String
    let partitions: Int
  }

  /// The requirements of a style.
  struct Cluster {
    /// Number of brokers in the mock cluster; ignored for other brokers.
    var brokers = 1
    /// librdkafka compression codec for published messages.
    var compression = "none"
  }

  /// Starts or connects to the chosen broker and creates the topics.
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

/// A `noida-db` process of the demo: an independent server that speaks the Kafka protocol, on loopback, with data in memory.
final class NoidaServer {
  let port: UInt16
  let child: ChildProcess
  private let directory: TemporaryDirectory

  /// Starts the server and waits until it accepts connections.
  init(program: String) throws {
    let hasMemory = access("/dev/shm", W_OK) == 0
    directory = try TemporaryDirectory(in: hasMemory ? "/dev/shm" : TemporaryDirectory.standardParent)
    // Another program may take a free port before the server does.
    for _ in 0..<5 {
      let port = try LoopbackSocket.freePort()
      let child = try ChildProcess(
        [
          program, "start", "--only", "kafka", "--host", "127.0.0.1", "--kafka-port", "\(port)", "--data-dir",
          directory.path,
        ], environment: CStrings.environment(), place: .background)
      if child.listens(on: port) {
        (self.port, self.child) = (port, child)
        return
      }
      child.end(signal: SIGKILL, patience: 100)
    }
    throw SystemFailure("\(program) does not start")
  }

  func end() {
    child.end(signal: SIGKILL, patience: 100)
    directory.remove()
  }

  /// Path of the program: `$SAGATOP_NOIDA`, otherwise `.cache/noida-db` in the working directory or in a directory above the executable.
  static func find() -> String? {
    if let given = getenv("SAGATOP_NOIDA").map({ String(cString: $0) }), !given.isEmpty { return given }
    return (["."] + directoriesAboveExecutable()).map { $0 + "/.cache/noida-db" }.first { access($0, X_OK) == 0 }
  }

  private static func directoriesAboveExecutable() -> [String] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { return [] }
    var path = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)[...]
    var result: [String] = []
    while let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      path = path[..<slash]
      result.append(String(path))
    }
    return result
  }
}
