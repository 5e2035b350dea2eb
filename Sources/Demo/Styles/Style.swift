/// The systems that the demo can play.
enum Style: String, CaseIterable {
  /// A choreographed shop of five services.
  case shop
  /// The same shop with its events in Avro and Protobuf, and a schema registry.
  case avro
  /// An orchestrator on three nodes with a REST API, whose topics keep appearing.
  case nest
  /// Documents over HTTP, an event store, and jobs that log.
  case lab
  /// Users who send friend requests and messages, over event streams.
  case chat

  /// What can go wrong in it.
  var faults: [Fault] {
    let begun: [Fault] =
      switch self {
      case .shop, .avro:
        [
          .paymentDown, .paymentOOM, .stockOut, .slowInventory, .slowNode, .duplicates, .reorder, .poison, .nodeLost,
          .lockLeak,
          .paymentFlaky,
          .circuitOpen, .slowUserService,
        ]
      case .chat: [.duplicates, .reorder, .poison, .circuitOpen, .serviceHang]
      case .lab: [.paymentDown, .duplicates, .reorder, .projectionStall]
      case .nest:
        [.paymentDown, .paymentFlaky, .duplicates, .reorder, .nodeLost, .apiHang, .apiFlaky, .tokenExpiry]
      }
    return Fault.allCases.filter { begun.contains($0.undoes ?? $0) }
  }

  /// Starts every server of the system; `announce` is told which broker it is as soon as that is known. What was started is
  /// ended again when something fails.
  func open(
    _ arguments: Arguments, loop: EventLoop, log: Log, announce: (Broker) -> Void
  ) throws -> any DemoSystem {
    switch self {
    case .shop, .avro: try Shop(arguments, loop: loop, log: log, announce: announce)
    case .chat: try Chat(arguments, loop: loop, log: log, announce: announce)
    case .lab: try Lab(arguments, loop: loop, log: log)
    case .nest: try Nest(arguments, loop: loop, log: log, announce: announce)
    }
  }
}

/// A system that is open to be watched.
protocol DemoSystem: AnyObject {
  /// Its parts and how to reach them, for people.
  var parts: [(name: String, address: String)] { get }
  /// The path of a configuration with which sagatop watches it.
  var configuration: String { get }
  /// What went wrong with the ledger.
  var ledgerFailure: String? { get }
  /// Milliseconds since it opened.
  var elapsed: Int { get }

  /// The name of the server that ended by itself, if one did.
  func endedServer() -> String?

  /// Ends the servers and removes what they left.
  func close(loop: EventLoop)
}

extension DemoSystem {
  /// How to reach everything, for people.
  func reach(_ style: Style) -> String {
    let width = parts.map(\.name.count).max() ?? 0
    let lines = parts.map { name, address in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(address)\n"
    }
    return """
      The \(style.rawValue) is open.
      \(lines.joined())  configuration  \(configuration)
      Watch it with: SAGATOP_CONFIG=\(configuration) sagatop

      """
  }
}
