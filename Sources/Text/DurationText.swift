/// Durations as text: `500ms`, `30s`, `15m`, `1h30m`, `2d`.
package enum DurationText {
  private static let units: [(name: String, milliseconds: Double)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
  ]

  /// `nil` for any other text, for negative durations, and for more than 100 years. A bare `0` is zero.
  package static func parse(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = Substring(text)
    var milliseconds = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let value = Double(number), let scale = units.first(where: { $0.name == unit })?.milliseconds else {
        return nil
      }
      milliseconds += value * scale
    }
    guard milliseconds.isFinite, milliseconds <= 3.2e12 else { return nil }
    return .nanoseconds(Int64(milliseconds * 1_000_000))
  }
}

extension Duration {
  /// Whole nanoseconds, clamped to the range of `Int64` (292 years).
  package var nanosecondsClamped: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || overflowed ? (seconds < 0 ? .min : .max) : sum
  }

  /// Milliseconds with fraction, for output and statistics.
  package var milliseconds: Double { Double(nanosecondsClamped) / 1_000_000 }

  package var seconds: Double { Double(nanosecondsClamped) / 1_000_000_000 }
}
