/// A name that repeats (event type, topic, node, step), as a number of its `SymbolTable`.
/// Numbers are given in order of first sight: compare the texts, not the numbers, where an order must be repeatable.
package struct Symbol: Hashable, Sendable {
  package var number: UInt32

  package init(number: UInt32) {
    self.number = number
  }

  /// No name was told; its text is empty.
  package static let none = Symbol(number: 0)

  package var isNone: Bool { number == 0 }
}
