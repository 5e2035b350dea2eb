import Core

/// A line at the foot of the screen that goes away by itself: "copied 1007", or why a command was not understood.
package struct Notice: Sendable, Equatable {
  package static let lifetime = Duration.seconds(4)

  package var text: String
  package var isError: Bool
  package var until: Timestamp

  package init(_ text: String, isError: Bool = false, now: Timestamp) {
    self.text = text
    self.isError = isError
    until = now + (isError ? Self.lifetime + Self.lifetime : Self.lifetime)
  }
}
