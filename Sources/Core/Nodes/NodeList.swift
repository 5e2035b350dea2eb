package typealias NodeQuery = ListQuery<NodeOrder, String>

package enum NodeOrder: String, ListOrder {
  /// The worst first, then by name.
  case severity
  case node
  case sagas
  case steps
  case failed
  case share

  package static let standard = NodeOrder.severity
}

/// The nodes that work on sagas, and how evenly the work is spread over them.
package struct NodeList: ListView {
  /// Where the names come from.
  package enum Naming: String, Sendable {
    /// Events tell their node.
    case events
    /// No event does: the members of the consumer groups stand in, by client id and host.
    case members
  }

  /// How evenly one set of nodes that do the same steps shares the work.
  package struct Spread: Sendable, Equatable {
    package var nodes: Int
    /// The steps that they do, by name.
    package var steps: [String]
    /// The step that is shared least evenly, how often it was counted, and what the test says of it; `nil` before enough was counted.
    package var test: Test?

    package init(nodes: Int, steps: [String], test: Test? = nil) {
      self.nodes = nodes
      self.steps = steps
      self.test = test
    }
  }

  package struct Test: Sendable, Equatable {
    package var step: String
    package var counted: Int
    package var statistic: Double
    package var degrees: Int
    /// Corrected for the number of steps that were tested.
    package var p: Double
    package var isSkewed: Bool

    package init(step: String, counted: Int, statistic: Double, degrees: Int, p: Double, isSkewed: Bool) {
      self.step = step
      self.counted = counted
      self.statistic = statistic
      self.degrees = degrees
      self.p = p
      self.isSkewed = isSkewed
    }
  }

  package var window: ListWindow<NodeRow>
  package var naming: Naming
  package var counts: [NodeVerdict: Int]
  /// The largest set of peers first.
  package var spreads: [Spread]
  /// Pieces of work whose node no event tells.
  package var unnamed: Int

  package init(
    _ window: ListWindow<NodeRow> = ListWindow(), naming: Naming = .events, counts: [NodeVerdict: Int] = [:],
    spreads: [Spread] = [], unnamed: Int = 0
  ) {
    self.window = window
    self.naming = naming
    self.counts = counts
    self.spreads = spreads
    self.unnamed = unnamed
  }
}

extension NodeRow: ListRow {
  package var rowID: String { node }
}
