/// The chat system: user, friend and chat services behind a gateway, over Kafka. The mock cluster has three brokers.
final class Chat: DemoSystem {
  private static let brokers = 3

  let configuration: String
  private let servers: Servers
  private let context: ChatContext
  private let friends: FriendService
  private let keys: UserKeys
  private let streams: MessageStreams
  private let gateway: HTTPServer
  private let services: [(name: String, server: HTTPServer)]

  init(_ arguments: Arguments, loop: EventLoop, log: Log, announce: (Broker) -> Void) throws {
    let ledger = try Ledger(path: arguments.ledger)
    let listeners = try LoopbackSocket.listen(count: 1 + ChatAPI.services.count, from: arguments.httpPort)
    let topics = ChatTopic.allCases.map { Broker.Topic(name: $0.rawValue, partitions: $0.partitions) }
    let servers = try Servers(
      arguments, topics: topics, cluster: .init(brokers: Self.brokers, compression: "gzip"), announce: announce)
    self.servers = servers
    let context = ChatContext(
      loop: loop, book: ChatBook(seed: arguments.seed, rate: arguments.rate, limit: arguments.orders),
      faults: arguments.faults, log: log, ledger: ledger)
    self.context = context
    do {
      let publisher = ChatPublisher(context: context, producer: try KafkaProducer(servers.broker.producer, loop: loop))
      keys = UserKeys(context: context, publisher: publisher, connection: RedisConnection(port: servers.redis.port))
      friends = FriendService(context: context, publisher: publisher, keys: keys)
      streams = MessageStreams(context: context)
      let api = ChatAPI(context: context, publisher: publisher, keys: keys)
      let services = try zip(ChatAPI.services, listeners.dropFirst()).map { service, listener in
        (service.0, try HTTPServer(listener: listener, loop: loop) { api.service(service.0, service.1, $0, $1) })
      }
      self.services = services
      let urls = Dictionary(services.map { ($0.0, "http://127.0.0.1:\($0.1.port)/health") }) { first, _ in first }
      gateway = try HTTPServer(listener: listeners[0], loop: loop) { api.gateway($0, urls: urls, $1) }
      configuration = try servers.write(
        configuration: servers.context(preset: "chat")
          + ChatConfiguration.text(
            server: "http://127.0.0.1:\(gateway.port)", services: services.map { ($0.0, $0.1.port) }))
      try streams.open(listeners: arguments.nodes, bootstrap: servers.broker.bootstrap)
      for entry in arguments.faults.entries where entry.fault == .poison {
        loop.after(milliseconds: entry.milliseconds) { publisher.poison() }
      }
    } catch {
      servers.close()
      throw error
    }
    keys.open()
    friends.open()
  }

  var ledgerFailure: String? { context.ledger.failure }

  var elapsed: Int { context.elapsed }

  var parts: [(name: String, address: String)] {
    servers.parts + [("gateway", "http://127.0.0.1:\(gateway.port)")]
      + services.map { ($0.name, "http://127.0.0.1:\($0.server.port)/health") }
  }

  func endedServer() -> String? { servers.ended() }

  func close(loop: EventLoop) {
    if servers.keepsBroker {
      streams.leave()
      loop.after(milliseconds: 500) { loop.stop() }
      loop.run()
    }
    servers.close()
  }
}

/// The chat's configuration other than Kafka and Redis.
enum ChatConfiguration {
  static func text(server: String, services: [(name: String, port: UInt16)]) -> String {
    let urls = services.map { name, port in
      "      \(name)-service: {url: \"http://127.0.0.1:\(port)/health\", metrics: /metrics, interval: 1s}\n"
    }
    return "    http: {server: \"\(server)\"}\n    services:\n" + urls.joined()
  }
}
