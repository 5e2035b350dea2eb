import Core

/// How the cost per unit of work grows with one dimension: at 1, 10 and 100 times a base size.
struct GrowthBench {
  /// A greater factor means that the cost grows faster than the size.
  private static let tolerated = 3.0

  private struct Dimension: Sendable {
    var name: String
    /// The smallest of the three sizes.
    var size: Int
    var unit: String
    /// Does the work at the given size and returns the number of units.
    var work: @Sendable (Int) throws -> Int
  }

  private static let dimensions: [Dimension] = [
    Dimension(name: "sagas, folding", size: 1000, unit: "event", work: GrowthWork.sagas),
    Dimension(name: "events of one saga", size: 10, unit: "event", work: GrowthWork.events),
    Dimension(name: "types", size: 10, unit: "event", work: GrowthWork.types),
    Dimension(name: "types, overview", size: 10, unit: "type", work: GrowthWork.typesView),
    Dimension(name: "steps", size: 4, unit: "event", work: GrowthWork.steps),
    Dimension(name: "nodes", size: 10, unit: "event", work: GrowthWork.nodes),
    Dimension(name: "nodes, snapshot", size: 10, unit: "node", work: GrowthWork.nodesSnapshot),
    Dimension(name: "topics", size: 100, unit: "event", work: GrowthWork.topics),
    Dimension(name: "groups, sample and list", size: 10, unit: "group", work: GrowthWork.groups),
    Dimension(name: "partitions, sample and list", size: 200, unit: "partition", work: GrowthWork.partitions),
    Dimension(name: "endpoints, sample and list", size: 5, unit: "endpoint", work: GrowthWork.endpoints),
    Dimension(name: "locks, sample and list", size: 1000, unit: "lock", work: GrowthWork.locks),
    Dimension(name: "failure texts", size: 100, unit: "event", work: GrowthWork.failures),
    Dimension(name: "undecoded kinds", size: 100, unit: "message", work: GrowthWork.undecoded),
  ]

  func run(_ budgets: Budgets) throws {
    print("growth: nanoseconds for one unit at a size, ten and a hundred times the size")
    for dimension in Self.dimensions {
      let costs = try [1, 10, 100].map { try cost(dimension, at: dimension.size * $0) }
      let growth = costs[2] / max(costs[0], 1)
      let steps = costs.map { "\(Int($0))" }.joined(separator: " → ")
      let verdict = growth > Self.tolerated ? "  GROWS" : ""
      let times = (growth * 10).rounded() / 10
      print("  \(dimension.name), from \(dimension.size): \(steps) ns per \(dimension.unit), \(times) times\(verdict)")
      budgets.add(
        "growth to \(dimension.size * 100) \(dimension.name)", growth, .atMost(Self.tolerated), unit: " times",
        ratio: "\(Int(costs[2])) ns per \(dimension.unit)", by: "growth")
    }
  }

  private func cost(_ dimension: Dimension, at size: Int) throws -> Double {
    var best = Double.infinity
    for _ in 0..<3 {
      let start = Rate.Clock.thread.seconds
      let units = try dimension.work(size)
      best = min(best, (Rate.Clock.thread.seconds - start) * 1e9 / Double(max(1, units)))
    }
    return best
  }
}
