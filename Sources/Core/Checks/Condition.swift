/// What a script waits for: `stuck==0`, `lag[group=payment-service]<100`.
package struct Condition: Sendable {
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

  /// `nil` as long as what is known does not decide it.
  package func holds(_ readings: CheckInputs) -> Bool? {
    measure.taken(from: readings).number.holds(comparison, limit)
  }
}
