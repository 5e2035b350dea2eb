import Core

/// The orders of the list of consumer groups, as `<` and `>` step through them. The raw value is the word for `:sort`.
package enum GroupOrder: String, CaseIterable, Sendable {
  /// The worst verdict first, then the largest lag, then by name: the order in which groups are read.
  case severity
  case name
  case members
  case lag
  case oldest
  case drain
  case arriving
  case reading

  /// The largest first, names from A on; what is not known comes last, reversed or not. Equal ones stay in the order of severity.
  func sorted(_ groups: [GroupRow], isReversed: Bool) -> [GroupRow] {
    switch self {
    case .severity: return isReversed ? groups.reversed() : groups
    case .name: return groups.sorted { isReversed ? $1.name < $0.name : $0.name < $1.name }
    case .members, .lag, .oldest, .drain, .arriving, .reading:
      return groups.sortedLargestFirst(isReversed: isReversed, by: key)
    }
  }

  private func key(_ row: GroupRow) -> Double? {
    switch self {
    case .severity, .name: nil
    case .members: row.members.map(Double.init)
    case .lag: row.lag.value.map(Double.init)
    case .oldest: row.lagTime.age?.seconds
    case .drain: Self.seconds(row.drain)
    case .arriving: row.rateIn
    case .reading: row.rateOut
    }
  }

  private static func seconds(_ drain: DrainTime) -> Double? {
    switch drain {
    case .unknown: nil
    case .nothing: 0
    case .after(let time): time.seconds
    case .notDraining: .infinity
    }
  }
}
