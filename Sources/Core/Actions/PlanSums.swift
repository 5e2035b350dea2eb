import Text

/// What a plan's subjects have in common, counted: most first.
package struct PlanSums {
  /// "status": "failed" 12, "stuck" 3.
  package struct Sum: Equatable {
    package var name: String
    package var counts: [(value: String, count: Int)]

    package static func == (left: Sum, right: Sum) -> Bool {
      left.name == right.name && left.counts.elementsEqual(right.counts) { $0 == $1 }
    }
  }

  private static let mostValues = 5
  private static let ages: [(limit: Duration, name: String)] = [
    (.seconds(60), "under 1m"), (.seconds(600), "1m to 10m"), (.seconds(3600), "10m to 1h"),
    (.seconds(86_400), "1h to 1d"),
  ]

  private let plan: ActionPlan

  package init(_ plan: ActionPlan) { self.plan = plan }

  /// Without those of which nothing is known.
  package var sums: [Sum] {
    [
      sum("status") { $0.flags.contains(.stuck) ? "stuck" : $0.status?.name }, sum("step") { $0.step },
      sum("error") { $0.error }, sum("age") { $0.age.map(Self.span) },
      sum("warning") { $0.warning.map { _ in "with a warning" } },
    ].filter { !$0.counts.isEmpty }
  }

  /// "status: failed 12, stuck 3".
  package var lines: [String] {
    sums.map { sum in
      let shown = sum.counts.prefix(Self.mostValues).map { "\($0.value) \(Quantity.grouped($0.count))" }
      let rest = sum.counts.count - shown.count
      return "\(sum.name): \(shown.joined(separator: ", "))" + (rest > 0 ? ", and \(rest) others" : "")
    }
  }

  private func sum(_ name: String, _ value: (ActionPlan.Item) -> String?) -> Sum {
    var counts: [String: Int] = [:]
    for item in plan.items { if let value = value(item) { counts[value, default: 0] += 1 } }
    let sorted = counts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
    return Sum(name: name, counts: sorted.map { ($0.key, $0.value) })
  }

  private static func span(_ age: Duration) -> String { ages.first { age < $0.limit }?.name ?? "over 1d" }
}
