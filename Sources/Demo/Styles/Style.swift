/// The systems that the demo can simulate.
enum Style: String, CaseIterable {
  /// A choreographed shop with five services.
  case shop
  /// The same shop with events in Avro and Protobuf and a schema registry.
  case avro
  /// An orchestrator on three nodes with a REST API; new topics appear continuously.
  case nest
  /// Documents over HTTP, an event store, and jobs with logs.
  case lab
  /// Users send friend requests and messages over event streams.
  case chat

  /// The faults that the system supports.
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

  /// Starts all servers of the system. `announce` is called as soon as the broker is known. On an error, everything already started is
  /// ended.
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

/// A running system.
protocol DemoSystem: AnyObject {
  /// Its parts and their addresses, for the user.
  var parts: [(name: String, address: String)] { get }
  /// The path of a sagatop configuration for the system.
  var configuration: String { get }
  /// Why the ledger is incomplete; `nil` if it is complete.
  var ledgerFailure: String? { get }
  /// Milliseconds since it opened.
  var elapsed: Int { get }

  /// The name of a server that has exited unexpectedly; `nil` if all are running.
  func endedServer() -> String?

  /// Ends the servers and removes their files.
  func close(loop: EventLoop)
}

extension DemoSystem {
  /// The addresses of all parts, for the user.
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
