/// How a node does among those that do the same work, the best first.
package enum NodeVerdict: String, CaseIterable, Comparable, Sendable {
  case even
  /// Too little was counted to judge.
  case unknown
  /// Its share differs from the even share by more than chance.
  case skewed
  /// It takes longer for a step than the others that do it, by more than chance.
  case slow
  /// It worked, and no longer does while others do.
  case silent

  package static func < (left: NodeVerdict, right: NodeVerdict) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
