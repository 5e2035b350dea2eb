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
