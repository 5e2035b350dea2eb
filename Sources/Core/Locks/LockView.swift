/// One lock with its history.
package struct LockView: Sendable, Equatable {
  package var row: LockRow
  /// Whether it is held now.
  package var isHeld: Bool
  /// The present holding first, then the past ones, the latest first.
  package var holdings: [LockHolding]
  /// The named parts of its key.
  package var parts: [LockPattern.Part]

  package init(row: LockRow, isHeld: Bool = true, holdings: [LockHolding] = [], parts: [LockPattern.Part] = []) {
    self.row = row
    self.isHeld = isHeld
    self.holdings = holdings
    self.parts = parts
  }
}
