/// The nest system: an orchestrator on several nodes behind one HTTP port.
final class Nest: DemoSystem {
  let configuration: String
  private let servers: Servers
  private let context: NestContext
  private let orchestrator: Orchestrator
  private let server: HTTPServer

  init(_ arguments: Arguments, loop: EventLoop, log: Log, announce: (Broker) -> Void) throws {
    let ledger = try Ledger(path: arguments.ledger)
    let listener = try LoopbackSocket.listen(port: arguments.httpPort ?? 0)
    let servers = try Servers(
      arguments, topics: NestTopic.fixed, partitions: NestTopic.partitions, announce: announce)
    self.servers = servers
    context = NestContext(
      loop: loop, book: NestBook(seed: arguments.seed, rate: arguments.rate, limit: arguments.orders),
      faults: arguments.faults, log: log, ledger: ledger, nodes: (1...arguments.nodes).map { "node-\($0)" })
    do {
      let producer = try KafkaProducer(servers.broker.producer, loop: loop)
      let topics = try TopicMaker(on: servers.broker, partitions: NestTopic.partitions, loop: loop, log: log)
      let publisher = NestPublisher(context: context, producer: producer, topics: topics)
      let redis = RedisConnection(port: servers.redis.port)
      orchestrator = Orchestrator(
        context: context, publisher: publisher, locks: StringLocks(connection: redis, loop: loop, log: log))
      let api = NestAPI(context: context, orchestrator: orchestrator, publisher: publisher, redis: redis)
      server = try HTTPServer(listener: listener, loop: loop) { api.answer($0, $1) }
      configuration = try servers.write(
        configuration: servers.context(preset: "nest") + Self.services("http://127.0.0.1:\(server.port)"))
    } catch {
      servers.close()
      throw error
    }
    orchestrator.open()
  }

  var ledgerFailure: String? { context.ledger.failure }

  var elapsed: Int { context.elapsed }

  var parts: [(name: String, address: String)] {
    servers.parts + [
      ("http", "http://127.0.0.1:\(server.port)  (login: \(NestTokens.email), \(NestTokens.password))")
    ]
  }

  func endedServer() -> String? { servers.ended() }

  func close(loop: EventLoop) {
    servers.close()
  }

  private static func services(_ url: String) -> String {
    """
        services:
          order: {url: "\(url)", interval: 1s}
          payment: {url: "\(url)/health/detailed", interval: 1s, body: {path: checks.payment.status}}
          database: {url: "\(url)/db-pool", interval: 1s}
        actions:
          release-lock: {redis: release}
        apis:
          nest:
            url: \(url)
            login: {path: /auth/login, body: {email: "\(NestTokens.email)", password: "\(NestTokens.password)"}}

    """
  }
}

/// State shared by all parts of the nest. Used only on the event loop's thread.
final class NestContext {
  let loop: EventLoop
  let book: NestBook
  let faults: FaultSchedule
  let log: Log
  let ledger: Ledger
  let nodes: [String]
  private let openedAt = Clock.monotonic()
  private var turn = 0

  init(loop: EventLoop, book: NestBook, faults: FaultSchedule, log: Log, ledger: Ledger, nodes: [String]) {
    self.loop = loop
    self.book = book
    self.faults = faults
    self.log = log
    self.ledger = ledger
    self.nodes = nodes
  }

  /// Milliseconds since the nest opened.
  var elapsed: Int { Int(clamping: (Clock.monotonic() - openedAt) / 1_000_000) }

  /// Whether a fault is active now.
  func isOn(_ fault: Fault) -> Bool { faults.isOn(fault, at: elapsed) }

  /// Whether a fault affects an order. This depends on the scheduled time of the order, so the same seed gives the same outcome.
  func strikes(_ fault: Fault, _ order: NestOrder) -> Bool { faults.isOn(fault, at: order.placedMilliseconds) }

  func isRunning(_ node: String) -> Bool { !(isOn(.nodeLost) && node == nodes.last) }

  /// The next running node in round-robin order, as a load balancer chooses it; `nil` if none is running.
  func nextNode() -> String? {
    let running = nodes.filter(isRunning)
    guard !running.isEmpty else { return nil }
    turn &+= 1
    return running[turn % running.count]
  }
}
