import Glibc

/// The lab system: services with JSON documents, behind nginx if it is installed, an orchestrator, an event store and the logs of jobs.
/// It needs neither Kafka nor Redis.
final class Lab: DemoSystem {
  private static let services = [
    "order-service", "payment-service", "command-service", "query-service", "event-store", "event-processor",
    "saga-orchestrator",
  ]
  let configuration: String
  private let context: LabContext
  private let orchestrator: LabOrchestrator
  private let store: EventStore
  private let directory: TemporaryDirectory
  private let api: HTTPServer
  private let nginx: NginxGateway?
  private let health: [(name: String, server: HTTPServer)]

  init(_ arguments: Arguments, loop: EventLoop, log: Log) throws {
    directory = try TemporaryDirectory(in: TemporaryDirectory.standardParent)
    context = LabContext(
      loop: loop, book: LabBook(seed: arguments.seed, rate: arguments.rate, limit: arguments.orders),
      faults: arguments.faults, log: log, ledger: try Ledger(path: arguments.ledger))
    var listeners = try LoopbackSocket.listen(count: 1 + Self.services.count, from: arguments.httpPort)
    let front = listeners.removeFirst()
    let program = NginxGateway.program
    let inner = program == nil ? front : try LoopbackSocket.listen(port: 0)
    let sagas = try JobLog(path: directory.path + "/saga-orchestrator.log", container: "orchestrator")
    let processor = try JobLog(path: directory.path + "/event-processor.log", container: "processor")
    store = EventStore(context: context)
    orchestrator = LabOrchestrator(context: context, store: store, job: sagas)
    let documents = LabAPI(context: context, orchestrator: orchestrator, store: store)
    api = try HTTPServer(listener: inner, loop: loop) { $1(documents.answer($0)) }
    if program != nil { Glibc.close(front.descriptor.release()) }
    nginx = try program.map { [directory, api] in
      try NginxGateway(program: $0, port: front.port, before: api.port, directory: directory.path)
    }
    health = try zip(Self.services, listeners).map { [context] name, listener in
      (name, try HTTPServer(listener: listener, loop: loop) { $1(Self.health(of: name, $0, context)) })
    }
    configuration = directory.path + "/config.yaml"
    let file = Descriptor(open(configuration, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
    let text = LabConfiguration.text(
      server: "http://127.0.0.1:\(front.port)",
      services: health.map { ($0.name, "http://127.0.0.1:\($0.server.port)/health") },
      logs: ["saga-orchestrator": sagas.path, "event-processor": processor.path])
    guard file.number >= 0, Output.write(text, to: file.number) else {
      throw SystemFailure.last("writing \(configuration)")
    }
    store.onUpdate = { name, count in
      processor.write("- \(name): Updated \(count) events", pod: "event-processor-1", at: Clock.epochMilliseconds())
    }
    store.open()
    orchestrator.open()
  }

  var ledgerFailure: String? { context.ledger.failure }

  var elapsed: Int { context.elapsed }

  var parts: [(name: String, address: String)] {
    [("http", "http://127.0.0.1:\(nginx?.port ?? api.port)\(nginx == nil ? "" : "  (nginx)")")]
      + health.map { ($0.name, "http://127.0.0.1:\($0.server.port)/health") }
  }

  func endedServer() -> String? { nginx?.hasEnded == true ? "nginx" : nil }

  func close(loop: EventLoop) {
    nginx?.end()
    directory.remove()
  }

  private static func health(of service: String, _ request: HTTPRequest, _ context: LabContext) -> HTTPResponse {
    guard request.path == "/health" else { return HTTPResponse(404, .members(["error": .string("Not Found")])) }
    let isDown = service == "payment-service" && context.isOn(.paymentDown)
    return HTTPResponse(
      isDown ? 503 : 200,
      .members(["service": .string(service), "status": .string(isDown ? "unhealthy" : "healthy")]))
  }
}

/// The sagatop configuration for the lab: documents over HTTP, and the logs of its jobs.
enum LabConfiguration {
  static func text(server: String, services: [(name: String, url: String)], logs: [String: String]) -> String {
    let urls = services.map { "      \($0.name): {url: \"\($0.url)\", interval: 1s}\n" }.joined()
    let commands = logs.sorted { $0.key < $1.key }.map { name, path in
      "      \(name): {run: [tail, -n, \"+1\", -F, \"\(path)\"]}\n"
    }.joined()
    return """
      currentContext: demo
      contexts:
        demo:
          preset: lab-mesh
          http: {server: "\(server)"}
          apis: {orchestrator: "\(server)", event-store: "\(server)"}
          services:
      \(urls)
        native:
          preset: lab-native
          http: {server: "\(server)"}
          commands:
      \(commands)

      """
  }
}
