/// The shop system: servers, health endpoints and services.
final class Shop: DemoSystem {
  let configuration: String
  private let servers: Servers
  private let health: [HealthEndpoint]
  private let context: ShopContext
  private let staff: ServiceFleet
  private let zipkin: ZipkinServer
  /// `nil` if the style has none.
  private let registry: SchemaBook?

  init(_ arguments: Arguments, loop: EventLoop, log: Log, announce: (Broker) -> Void) throws {
    let ledger = try Ledger(path: arguments.ledger)
    registry = arguments.style == .avro ? SchemaBook() : nil
    var listeners = try LoopbackSocket.listen(
      count: Service.allCases.count * arguments.nodes + (registry == nil ? 1 : 2), from: arguments.httpPort)
    if let registry { try registry.serve(listeners.removeLast(), loop: loop) }
    let servers = try Servers(
      arguments, topics: Topic.allCases.map(\.rawValue) + [Topic.deadLetters(of: Topic.inventoryReserved.rawValue)],
      partitions: Topic.partitions, announce: announce)
    self.servers = servers
    let book = OrderBook(
      seed: arguments.seed, rate: arguments.rate, scenario: arguments.scenario, limit: arguments.orders)
    context = ShopContext(loop: loop, book: book, faults: arguments.faults, log: log, ledger: ledger)
    let spans = SpanBook()
    context.spans = spans
    do {
      zipkin = try ZipkinServer(listener: listeners[listeners.count - 1], loop: loop, book: spans)
      staff = try ServiceFleet(
        nodes: arguments.nodes, context: context, producer: try KafkaProducer(servers.broker.producer, loop: loop),
        format: ShopFormat(registry), bootstrap: servers.broker.bootstrap, redisPort: servers.redis.port)
      health = try Self.healthEndpoints(listeners, loop: loop, staff: staff)
      let board = try PodBoard(directory: servers.directory.path, origins: staff.origins, loop: loop)
      staff.board = board
      configuration = try ShopConfiguration.write(
        for: servers, services: health, zipkin: zipkin.url, registry: registry?.url, kubectl: board.program)
    } catch {
      servers.close()
      throw error
    }
    staff.open()
  }

  var ledgerFailure: String? { context.ledger.failure }

  var elapsed: Int { context.elapsed }

  var parts: [(name: String, address: String)] {
    servers.parts + (registry.map { [("schema registry", $0.url)] } ?? []) + health.map { ($0.origin.name, $0.url) }
      + [("zipkin", zipkin.url)]
  }

  func endedServer() -> String? { servers.ended() }

  func close(loop: EventLoop) {
    if servers.keepsBroker {
      staff.leave()
      loop.after(milliseconds: 500) { loop.stop() }
      loop.run()
    }
    servers.close()
  }

  private static func healthEndpoints(
    _ listeners: [LoopbackSocket.Listener], loop: EventLoop, staff: ServiceFleet
  ) throws -> [HealthEndpoint] {
    var result: [HealthEndpoint] = []
    for (origin, listener) in zip(staff.origins, listeners) {
      result.append(try HealthEndpoint(origin: origin, listener: listener, loop: loop) { staff.health(of: origin) })
    }
    return result
  }
}

/// The sagatop configuration for the shop.
enum ShopConfiguration {
  /// Writes the configuration and returns its path.
  static func write(
    for servers: Servers, services: [HealthEndpoint], zipkin: String, registry: String?, kubectl: String
  ) throws(SystemFailure) -> String {
    let urls = Service.allCases.map { service in
      let instances = services.filter { $0.origin.service == service }.map {
        "          - {url: \($0.url), node: \($0.origin.node)}\n"
      }
      return "      \(service.rawValue):\n        interval: 1s\n        instances:\n" + instances.joined()
    }.joined()
    let schemas = registry.map { "    schemaRegistry: {url: \($0)}\n" } ?? ""
    let traces = "    traces: {zipkin: \"\(zipkin)\"}\n    kubernetes: {namespace: shop, command: \"\(kubectl)\"}\n"
    return try servers.write(
      configuration: servers.context(preset: "spring") + schemas + actions + traces + "    services:\n" + urls)
  }

  /// Additional actions; the preset already defines retry and compensate.
  private static let actions = "    actions:\n      release-lock: {redis: release}\n"
}
