/// What the command line asks for.
struct Arguments: Equatable {
  var style = Style.shop
  /// Orders per second.
  var rate = 10.0
  var seed: UInt64 = 1
  /// Nodes; in the shop each runs an instance of every service.
  var nodes = 3
  /// Ends ordering after so many orders.
  var orders: Int?
  var faults = FaultSchedule()
  var scenario: Scenario?
  var broker = BrokerChoice.auto
  var redisPort: UInt16?
  var httpPort: UInt16?
  var ledger: String?
  var log: String?
  /// Seconds the system is open before the command starts; nil chooses by the command.
  var lead: Double?
  var command: [String] = []

  /// How long the system is open before the command starts, in milliseconds: as asked, or long enough for a
  /// snapshot to see what the last fault does, or not at all.
  var leadMilliseconds: Int {
    if let lead { return Int(lead * 1000) }
    guard command.contains(where: { $0.split(separator: " ").contains("snapshot") }) else { return 0 }
    return max(5000, faults.lastMilliseconds + 5000)
  }
}

/// Which Kafka the shop runs on.
enum BrokerChoice: Equatable {
  /// `noida-db` if it is there and runs, else the mock cluster.
  case auto
  /// The `noida-db` server as a child process.
  case noida
  /// librdkafka's mock cluster inside this process.
  case mock
  /// A broker that is already there, as HOST:PORT.
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

/// A story that replaces the even stream of orders.
enum Scenario: String, CaseIterable {
  /// 100 concurrent orders for the last unit of one product.
  case lastUnit = "last-unit"
}
