/// The nest: an orchestrator on several nodes behind one HTTP port, from opening to closing.
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
