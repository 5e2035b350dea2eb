/// The views that number keys, Tab and `:name` reach, in the order of their tabs. A view is added here and drawn in `Screen`.
package enum ViewID: String, CaseIterable, Sendable {
  case overview
  case sagas
  case events
  case lag
  case locks
  case services
  case nodes
  case compensations
  case actions

  /// The word on its tab, which is also its `:` command.
  package var name: String { rawValue }

  /// The key that shows it.
  package var digit: Character {
    switch self {
    case .overview: "1"
    case .sagas: "2"
    case .events: "3"
    case .lag: "4"
    case .locks: "5"
    case .services: "6"
    case .nodes: "7"
    case .compensations: "8"
    case .actions: "9"
    }
  }

  /// Its list is one of sagas.
  var hasSagas: Bool { self == .overview || self == .sagas }

  package func next(by distance: Int) -> ViewID {
    let all = Self.allCases
    let place = (all.firstIndex(of: self) ?? 0) + distance
    return all[((place % all.count) + all.count) % all.count]
  }
}
