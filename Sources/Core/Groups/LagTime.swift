/// How old the oldest unread message is.
package struct LagTime: Sendable, Equatable {
  /// How it is known; the raw value is the mark before the number.
  package enum Quality: Character, Sendable {
    /// The message's own timestamp was seen.
    case exact = "="
    /// Between two readings of the log end offset.
    case interpolated = "~"
    /// At least as old.
    case atLeast = ">"
    case unknown = "?"
  }

  /// Never negative; `nil` when unknown. Zero when nothing is unread.
  package var age: Duration?
  package var quality: Quality
  /// How far the message's timestamp lies in our future, where the clocks differ.
  package var drift: Duration?

  package init(_ age: Duration?, _ quality: Quality, drift: Duration? = nil) {
    self.age = age
    self.quality = quality
    self.drift = drift
  }

  package static let unknown = LagTime(nil, .unknown)
  package static let zero = LagTime(.zero, .exact)
}
