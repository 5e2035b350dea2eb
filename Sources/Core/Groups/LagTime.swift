/// How old the oldest unread message is.
package struct LagTime: Sendable, Equatable {
  /// Zero when nothing is unread.
  package var known: Known<Duration>
  /// How far the message's timestamp lies in our future, where the clocks differ.
  package var drift: Duration?

  package init(_ known: Known<Duration>, drift: Duration? = nil) {
    self.known = known
    self.drift = drift
  }

  package init(_ age: Duration?, _ quality: Quality, drift: Duration? = nil) {
    self.init(Known(age, quality), drift: drift)
  }

  /// Never negative; `nil` when unknown.
  package var age: Duration? { known.value }
  package var quality: Quality { known.quality }

  package static let unknown = LagTime(nil)
  package static let zero = LagTime(.exact(.zero))

  /// Messages that wait grow older while nobody looks.
  func later(by time: Duration) -> LagTime {
    guard age ?? .zero > .zero else { return self }
    return LagTime(known.mapped { $0 + max(.zero, time) }, drift: drift)
  }
}
