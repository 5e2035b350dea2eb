/// What a script waits for: `stuck==0`, `lag[group=payment-service]<100`.
package struct Condition: Sendable {
  package enum Comparison: String, CaseIterable, Sendable {
    // Those of two characters first: they are looked for in this order.
    case equal = "=="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case below = "<"
    case above = ">"
  }

  package var measure: Measure
  package var comparison: Comparison
  /// In the measure's unit.
  package var limit: Double
  /// As it was written.
  package var text: String

  package init(_ measure: Measure, _ comparison: Comparison, _ limit: Double, text: String) {
    self.measure = measure
    self.comparison = comparison
    self.limit = limit
    self.text = text
  }

  /// False as long as the value is not known in full.
  package func holds(_ readings: CheckInputs) -> Bool {
    let measured = measure.taken(from: readings)
    guard let value = measured.value, !measured.isAtLeast else { return false }
    return switch comparison {
    case .equal: value == limit
    case .unequal: value != limit
    case .atMost: value <= limit
    case .atLeast: value >= limit
    case .below: value < limit
    case .above: value > limit
    }
  }
}
