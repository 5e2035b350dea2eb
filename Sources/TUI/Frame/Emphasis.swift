/// What is laid over a cell's role.
package struct Emphasis: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The row under the cursor.
  package static let selected = Emphasis(rawValue: 1)
  /// A row that the operator marked.
  package static let marked = Emphasis(rawValue: 2)
  package static let strong = Emphasis(rawValue: 4)
}
