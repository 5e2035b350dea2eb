/// The parsed command line.
struct Arguments: Equatable {
  var style = Style.shop
  /// Orders per second.
  var rate = 10.0
  var seed: UInt64 = 1
  /// Number of nodes. In the shop, each node runs an instance of every service.
  var nodes = 3
  /// Maximum number of orders; `nil` for no limit.
  var orders: Int?
  var faults = FaultSchedule()
  var scenario: Scenario?
  var broker = BrokerChoice.auto
  var redisPort: UInt16?
  var httpPort: UInt16?
  var ledger: String?
  var log: String?
  /// Seconds from opening the system to the start of the command; `nil` chooses a value that suits the command.
  var lead: Double?
  var command: [String] = []

  /// Milliseconds from opening the system to the start of the command: as given, otherwise long enough for a `snapshot` command to see
  /// the effect of the last fault, otherwise 0.
  var leadMilliseconds: Int {
    if let lead { return Int(lead * 1000) }
    guard command.contains(where: { $0.split(separator: " ").contains("snapshot") }) else { return 0 }
    return max(5000, faults.lastMilliseconds + 5000)
  }
}

/// The Kafka broker to use.
enum BrokerChoice: Equatable {
  /// `noida-db` if it is installed and starts, otherwise the mock cluster.
  case auto
  /// The `noida-db` server as a child process.
  case noida
  /// librdkafka's mock cluster inside this process.
  case mock
  /// An existing broker as HOST:PORT.
  case existing(String)

  init(_ text: String) throws(UsageError) {
    switch text {
    case "auto": self = .auto
    case "noida": self = .noida
    case "mock": self = .mock
    default:
      guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
        let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
      else { throw .unknown("broker", text, known: ["auto", "noida", "mock", "HOST:PORT"]) }
      self = .existing(text)
    }
  }
}

/// Replaces the constant stream of orders.
enum Scenario: String, CaseIterable {
  /// 100 concurrent orders for the last unit of one product.
  case lastUnit = "last-unit"
}
