/// Names a kept message text of one `Store`. Texts are kept in a bounded space and dropped oldest first.
package struct MessageRef: Hashable, Sendable {
  package var position: UInt64

  package init(position: UInt64) {
    self.position = position
  }

  package static let none = MessageRef(position: .max)
}
