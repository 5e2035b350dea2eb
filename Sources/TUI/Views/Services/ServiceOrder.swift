import Core

/// The orders of the list of services, as `<` and `>` step through them; a service's instances stay below it. The raw value is the word
/// for `:sort`.
package enum ServiceOrder: String, CaseIterable, Sendable {
  /// The worst verdict first, then by name: the order in which services are read.
  case severity
  case name
  /// The verdict that holds longest first.
  case since
  /// The slowest first.
  case latency
  /// The least first.
  case uptime
  /// The most requests first.
  case rate

  func sorted(_ services: [ServiceRow], isReversed: Bool) -> [ServiceRow] {
    switch self {
    case .severity: isReversed ? services.reversed() : services
    case .name: services.sorted { isReversed ? $1.name < $0.name : $0.name < $1.name }
    case .since, .latency, .uptime, .rate: services.sortedLargestFirst(isReversed: isReversed, by: key)
    }
  }

  private func key(_ row: ServiceRow) -> Double? {
    switch self {
    case .severity, .name: nil
    case .since: row.since.map { -Double($0.time.nanoseconds) }
    case .latency: row.latency?.seconds
    case .uptime: row.uptime.map { -$0 }
    case .rate: row.rate
    }
  }
}
