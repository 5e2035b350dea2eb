import CSystem
import Glibc

/// The servers of a simulated system, Kafka and Redis, and a directory for its files.
final class Servers {
  let broker: Broker
  let redis: RedisServer
  let directory: TemporaryDirectory
  /// Whether the broker is external and keeps running after the demo.
  let keepsBroker: Bool

  /// Starts the servers and creates the topics. `announce` is called as soon as the broker is known. On an error, everything already
  /// started is ended.
  convenience init(
    _ arguments: Arguments, topics: [String], partitions: Int, announce: (Broker) -> Void
  ) throws {
    try self.init(
      arguments, topics: topics.map { Broker.Topic(name: $0, partitions: partitions) }, cluster: Broker.Cluster(),
      announce: announce)
  }

  /// The same for topics with different partition counts.
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

  /// The name of a server that has exited unexpectedly; `nil` if all are running.
  func ended() -> String? {
    if waitpid(redis.child.pid, nil, WNOHANG) != 0 { return "redis-server" }
    if let server = broker.server, waitpid(server.child.pid, nil, WNOHANG) != 0 { return "noida-db" }
    return nil
  }

  /// Ends the servers and removes their files.
  func close() {
    redis.end()
    broker.server?.end()
    directory.remove()
  }
}

extension Servers {
  /// Names and addresses for the user.
  var parts: [(name: String, address: String)] {
    [("kafka", "\(broker.bootstrap)  (\(broker.description))"), ("redis", "127.0.0.1:\(redis.port)")]
  }

  /// Writes a configuration to the servers' directory and returns its path.
  func write(configuration text: String) throws(SystemFailure) -> String {
    let path = directory.path + "/config.yaml"
    let file = Descriptor(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
    guard file.number >= 0, Output.write(text, to: file.number) else { throw .last("writing \(path)") }
    return path
  }

  /// The start of a configuration: the context with its preset, Kafka and Redis.
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

/// Runs the open system until the command exits, a signal arrives or a server dies. Returns the exit status.
final class Supervisor {
  /// Exit status if a required program or server is unavailable.
  static let unavailable: Int32 = 69
  /// Maximum time for the command to exit after a signal, in milliseconds.
  private static let patience = 3000

  private let arguments: Arguments
  private let loop: EventLoop
  private let system: any DemoSystem
  private let signals: Descriptor
  private var command: Command?
  private var exitCode: Int32 = 0
  private var isEnded = false

  init(_ arguments: Arguments, system: any DemoSystem, loop: EventLoop, signals: Descriptor) {
    self.arguments = arguments
    self.system = system
    self.loop = loop
    self.signals = signals
  }

  /// Runs until the end and returns the exit status.
  func run() -> Int32 {
    loop.watch(signals.number) { self.takeSignals() }
    if arguments.command.isEmpty {
      Output.write(system.reach(arguments.style), to: STDOUT_FILENO)
    } else {
      loop.after(milliseconds: arguments.leadMilliseconds - system.elapsed) { self.startCommand() }
    }
    loop.run()
    return exitCode
  }

  private func startCommand() {
    do {
      command = try Command(arguments.command, configuration: system.configuration)
    } catch {
      Output.write("sagatop-demo: \(error)\n", to: STDERR_FILENO)
      // As in a shell: 126 if the program is not executable, 127 if it is not found.
      end(error.code == ENOENT ? 127 : 126)
    }
  }

  private func takeSignals() {
    while !isEnded, case let signal = sg_signalfd_take(signals.number), signal != 0 {
      if signal == SIGCHLD { reap() } else { end(by: signal) }
    }
  }

  private func reap() {
    switch command?.poll() {
    case .ended(let code): end(code)
    case .stopped: command?.suspendTogether()
    case .running, nil: break
    }
    guard !isEnded, let server = system.endedServer() else { return }
    command?.end(by: SIGTERM, patience: Self.patience)
    Output.write(
      "sagatop-demo: \(server) ended by itself, so the \(arguments.style.rawValue) closes\n", to: STDERR_FILENO)
    end(Self.unavailable)
  }

  private func end(by signal: Int32) {
    command?.end(by: signal, patience: Self.patience)
    end(128 + signal)
  }

  private func end(_ code: Int32) {
    command?.cleanUp()
    isEnded = true
    exitCode = code
    loop.stop()
  }
}
