/// What is said of a saga beside its status.
package struct SagaFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Active, and no progress for longer than its step's deadline.
  package static let stuck = SagaFlags(rawValue: 1)
  /// Its beginning lies before what was read.
  package static let incomplete = SagaFlags(rawValue: 2)
  /// Contradicting terminal events.
  package static let inconsistent = SagaFlags(rawValue: 4)

  /// The words on the screen and in JSON, in a fixed order.
  package var names: [String] {
    [(SagaFlags.stuck, "stuck"), (.incomplete, "incomplete"), (.inconsistent, "inconsistent")]
      .compactMap { contains($0.0) ? $0.1 : nil }
  }
}
