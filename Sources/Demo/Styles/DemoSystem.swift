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
