/// Tells a double click from two. Pure.
struct ClickCounter {
  static let interval = Duration.milliseconds(400)

  private var last: (key: Key, time: ContinuousClock.Instant)?

  /// Two clicks on one place within the interval are one and a double click; a third begins anew.
  mutating func count(_ key: Key, at now: ContinuousClock.Instant) -> Key {
    guard case .mouse(.click, let x, let y) = key else { return key }
    if let last, last.key == key, now - last.time <= Self.interval {
      self.last = nil
      return .mouse(.doubleClick, x: x, y: y)
    }
    last = (key, now)
    return key
  }
}
