package typealias GroupQuery = ListQuery<GroupOrder, String>

package enum GroupOrder: String, RowOrder {
  /// The worst verdict first, then the largest lag, then by name.
  case severity
  case name
  case members
  case lag
  case oldest
  case drain
  case arriving
  case reading

  package static let standard = GroupOrder.severity

  package func key(_ row: GroupRow) -> SortKey {
    switch self {
    case .severity: .text(nil)
    case .name: .text(row.name)
    case .members: .number(row.members)
    case .lag: .number(row.lag.value)
    case .oldest: .number(row.lagTime.age)
    case .drain: .number(Self.seconds(row.drain))
    case .arriving: .number(row.rateIn)
    case .reading: .number(row.rateOut)
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

extension GroupQuery {
  /// `all` stands in the standard order.
  package func window(of all: [GroupRow]) -> ListWindow<GroupRow> { window(of: all) { filter.matches($0) } }
}

extension GroupRow {
  /// The standard order.
  static func isWorse(_ left: GroupRow, _ right: GroupRow) -> Bool {
    if left.verdict != right.verdict { return left.verdict > right.verdict }
    let (first, second) = (left.lag.last ?? -1, right.lag.last ?? -1)
    if first != second { return first > second }
    return left.name < right.name
  }
}

/// The consumer groups of the cluster.
package struct GroupList: ListView {
  package var window: ListWindow<GroupRow>
  /// Per verdict, how many of all groups have it.
  package var counts: [LagVerdict: Int]
  /// When the last poll was read; `nil` before the first.
  package var readAt: Timestamp?
  package var took: Duration?
  package var requests: Int?
  /// False where the broker cannot list its groups: only the configured ones are here.
  package var isListed: Bool

  /// Of all groups together: well only where each is known to be.
  package var health: Health {
    if counts.contains(where: { $0.key.isTrouble && $0.value > 0 }) { return .trouble }
    let well = (counts[.ok] ?? 0) + (counts[.warning] ?? 0)
    return readAt != nil && well > 0 && counts[.unknown] ?? 0 == 0 ? .well : .unknown
  }

  package init(
    _ window: ListWindow<GroupRow> = ListWindow(), counts: [LagVerdict: Int] = [:], readAt: Timestamp? = nil,
    took: Duration? = nil, requests: Int? = nil, isListed: Bool = true
  ) {
    self.window = window
    self.counts = counts
    self.readAt = readAt
    self.took = took
    self.requests = requests
    self.isListed = isListed
  }
}

extension GroupRow: ListRow {
  package var rowID: String { name }
}
