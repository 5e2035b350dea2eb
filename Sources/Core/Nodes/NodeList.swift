package typealias NodeQuery = ListQuery<NodeOrder, String>

package enum NodeOrder: String, ListOrder {
  /// Worst first, then by name.
  case severity
  case node
  case sagas
  case steps
  case failed
  case share

  package static let standard = NodeOrder.severity
}

/// The nodes that work on sagas, and how evenly the work is distributed.
package struct NodeList: ListView {
  /// The origin of the node names.
  package enum Naming: String, Sendable {
    /// Events contain their node.
    case events
    /// No event does: members of consumer groups are used instead, by client id and host.
    case members
  }

  /// How evenly one set of peers shares the work.
  package struct Spread: Sendable, Equatable {
    package var nodes: Int
    /// The names of their steps.
    package var steps: [String]
    /// The test result of the least evenly distributed step; `nil` with too few counts.
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
    /// Corrected for the number of tested steps.
    package var p: Double
    package var isSkewed: Bool
    /// Number of tested steps; `p` is the p-value of the statistic times this number.
    package var tested = 1
    /// The shares differ while a peer is slow or silent, so the result is not conclusive for the other nodes.
    package var isDoubtful = false

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
  /// Largest set of peers first.
  package var spreads: [Spread]
  /// Number of work items without a known node.
  package var unnamed: Int
  /// Coverage of the samples that the list is based on.
  package var coverage = SourceCoverage()

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

/// A node as input of a filter, before its row is created.
struct NodeCandidate: Filterable {
  var name: String
  var standing: NodeSurvey.Standing?
  var record: NodeRecord?
  /// For members of consumer groups that are used instead of nodes.
  var groups: [String] = []
  var steps: [String] = []

  static let filterWords: [FilterWord<NodeCandidate>] = [
    .init("id", .id, isSearched: true) { node, _ in .texts([node.name] + node.groups) },
    .init("node") { node, _ in .texts(node.name) },
    .init("status", .oneOf(NodeVerdict.allCases.map(\.rawValue)), isSearched: true) { node, _ in
      .texts((node.standing?.verdict ?? .unknown).rawValue)
    },
    .init("step") { node, _ in .texts(node.steps) },
    .init("group") { node, _ in .texts(node.groups) },
    .init("age", .duration) { node, now in .duration(node.record?.lastAt.map { now - $0 }) },
    .init("share", .number) { node, _ in .number(node.standing?.share) },
    .init("sagas", .number) { node, _ in .count(node.record?.sagas) },
    .init("steps", .number) { node, _ in .count(node.record.map { $0.completed + $0.failed }) },
    .init("failed", .number) { node, _ in .count(node.record?.failed) },
    .init("undone", .number) { node, _ in .count(node.record?.undone) },
  ]
}

extension NodeRow: TableRow {
  package static let columns: [Column<NodeRow>] = [
    .init("NODE") { row, _ in .text(row.node) },
    .init("VERDICT") { row, _ in .text(row.verdict.rawValue) },
    .init("SHARE", .share) { row, _ in .share(row.share) },
    .init("EVEN SHARE", .share) { row, _ in .share(row.evenShare) },
    .init("SAGAS", .number) { row, _ in .count(row.known(row.sagas)) },
    .init("STEPS", .number) { row, _ in .count(row.known(row.steps)) },
    .init("FAILED", .number) { row, _ in .count(row.known(row.failed)) },
    .init("UNDONE", .number) { row, _ in .count(row.known(row.undone)) },
    .init("RATE", .perSecond) { row, _ in .rate(row.rate) },
    .init("P50", .milliseconds) { row, _ in .latency(row.p50) },
    .init("P95", .milliseconds) { row, _ in .latency(row.p95) },
    .init("PARTITIONS", .number) { row, _ in .count(row.known(row.partitions)) },
    .init("REASON") { row, _ in .text(row.reason) },
  ]

  package static let vocabulary = FilterVocabulary("nodes", NodeCandidate.self)
}
