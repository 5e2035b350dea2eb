import Glibc

/// The servers that a played system stands on, Kafka and Redis, and a directory for its files.
final class Servers {
  let broker: Broker
  let redis: RedisServer
  let directory: TemporaryDirectory
  /// Whether the broker outlives the system.
  let keepsBroker: Bool

  /// Starts them and creates the topics; `announce` is told which broker it is as soon as that is known. What was started is
  /// ended again when something fails.
  convenience init(
    _ arguments: Arguments, topics: [String], partitions: Int, announce: (Broker) -> Void
  ) throws {
    try self.init(
      arguments, topics: topics.map { Broker.Topic(name: $0, partitions: partitions) }, cluster: Broker.Cluster(),
      announce: announce)
  }

  /// The same for topics with unlike numbers of partitions.
  init(
    _ arguments: Arguments, topics: [Broker.Topic], cluster: Broker.Cluster, announce: (Broker) -> Void
  ) throws {
    directory = try TemporaryDirectory(in: TemporaryDirectory.standardParent)
    let broker = try Broker.open(arguments.broker, topics: topics, cluster: cluster)
    self.broker = broker
    announce(broker)
    keepsBroker = if case .existing = arguments.broker { true } else { false }
    do {
      redis = try RedisServer(port: arguments.redisPort)
    } catch {
      broker.server?.end()
      throw error
    }
  }

  /// The name of the one that ended by itself, if one did.
  func ended() -> String? {
    if waitpid(redis.child.pid, nil, WNOHANG) != 0 { return "redis-server" }
    if let server = broker.server, waitpid(server.child.pid, nil, WNOHANG) != 0 { return "noida-db" }
    return nil
  }

  /// Ends them and removes what they left.
  func close() {
    redis.end()
    broker.server?.end()
    directory.remove()
  }
}

extension Servers {
  /// How to reach them, for people.
  var parts: [(name: String, address: String)] {
    [("kafka", "\(broker.bootstrap)  (\(broker.description))"), ("redis", "127.0.0.1:\(redis.port)")]
  }

  /// Writes a configuration beside the servers' files and returns its path.
  func write(configuration text: String) throws(SystemFailure) -> String {
    let path = directory.path + "/config.yaml"
    let file = Descriptor(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
    guard file.number >= 0, Output.write(text, to: file.number) else { throw .last("writing \(path)") }
    return path
  }

  /// The beginning of a configuration: the context with a preset, Kafka and Redis.
  func context(preset: String) -> String {
    """
    currentContext: demo
    contexts:
      demo:
        preset: \(preset)
        kafka:
          brokers: \(broker.bootstrap)
        redis:
          servers: redis://127.0.0.1:\(redis.port)

    """
  }
}
