import Glibc

/// The whole system: broker, Redis, health endpoints and services, from opening to closing.
final class Shop {
  let broker: Broker
  let redis: RedisServer
  let health: [HealthEndpoint]
  let configuration: String
  private let context: ShopContext
  private let staff: Staff
  private let directory: TemporaryDirectory
  private let keepsBroker: Bool

  /// An instance and where its health is told.
  struct HealthEndpoint {
    let origin: Origin
    let server: HealthServer
  }

  /// Starts every server; `announce` is told which broker it is as soon as that is known. What was started is ended
  /// again when something fails.
  init(_ arguments: Arguments, loop: EventLoop, log: Log, announce: (Broker) -> Void) throws {
    let ledger = try Ledger(path: arguments.ledger)
    let listeners = try LoopbackSocket.listen(
      count: Service.allCases.count * arguments.nodes, from: arguments.httpPort)
    directory = try TemporaryDirectory(in: TemporaryDirectory.standardParent)
    let broker = try Broker.open(arguments.broker)
    self.broker = broker
    announce(broker)
    keepsBroker = if case .existing = arguments.broker { true } else { false }
    do {
      redis = try RedisServer(port: arguments.redisPort)
    } catch {
      broker.server?.end()
      throw error
    }
    let book = OrderBook(
      seed: arguments.seed, rate: arguments.rate, scenario: arguments.scenario, limit: arguments.orders)
    context = ShopContext(loop: loop, book: book, faults: arguments.faults, log: log, ledger: ledger)
    do {
      staff = try Staff(
        nodes: arguments.nodes, context: context, producer: try KafkaProducer(broker.producer, loop: loop),
        bootstrap: broker.bootstrap, redisPort: redis.port)
      health = try Self.healthEndpoints(listeners, loop: loop, staff: staff)
      configuration = try DemoConfiguration.write(
        bootstrap: broker.bootstrap, redisPort: redis.port, services: health, in: directory.path)
    } catch {
      redis.end()
      broker.server?.end()
      throw error
    }
    staff.open()
  }

  /// What went wrong with the ledger.
  var ledgerFailure: String? { context.ledger.failure }

  /// Milliseconds since the shop opened.
  var elapsed: Int { context.elapsed }

  /// The name of the server that ended by itself, if one did.
  func endedServer() -> String? {
    if waitpid(redis.child.pid, nil, WNOHANG) != 0 { return "redis-server" }
    if let server = broker.server, waitpid(server.child.pid, nil, WNOHANG) != 0 { return "noida-db" }
    return nil
  }

  /// Ends the servers and removes what they left.
  func close(loop: EventLoop) {
    if keepsBroker {
      staff.leave()
      loop.after(milliseconds: 500) { loop.stop() }
      loop.run()
    }
    redis.end()
    broker.server?.end()
    directory.remove()
  }

  private static func healthEndpoints(
    _ listeners: [LoopbackSocket.Listener], loop: EventLoop, staff: Staff
  ) throws -> [HealthEndpoint] {
    var result: [HealthEndpoint] = []
    for (origin, listener) in zip(staff.origins, listeners) {
      let server = try HealthServer(listener: listener, loop: loop) { staff.health(of: origin) }
      result.append(HealthEndpoint(origin: origin, server: server))
    }
    return result
  }
}
