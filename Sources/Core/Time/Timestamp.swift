/// An instant of the world's clock: nanoseconds since 1970-01-01 00:00 UTC, negative before it.
/// Covers the years 1677 to 2262; arithmetic clamps to that range instead of trapping, because times come from outside.
package struct Timestamp: Hashable, Comparable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Clamps to the representable range.
  package init(milliseconds: Int64) {
    let (value, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    nanoseconds = overflow ? (milliseconds < 0 ? .min : .max) : value
  }

  package var milliseconds: Int64 { nanoseconds / 1_000_000 }

  /// Earlier than every event that can be read.
  package static let distantPast = Timestamp(nanoseconds: .min)

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  package static func - (left: Timestamp, right: Timestamp) -> Duration {
    let (value, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
    return .nanoseconds(overflow ? (left < right ? .min : .max) : value)
  }

  package static func + (left: Timestamp, right: Duration) -> Timestamp {
    let (value, overflow) = left.nanoseconds.addingReportingOverflow(right.nanosecondsClamped)
    return Timestamp(nanoseconds: overflow ? (right < .zero ? .min : .max) : value)
  }

  package static func - (left: Timestamp, right: Duration) -> Timestamp {
    let (value, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanosecondsClamped)
    return Timestamp(nanoseconds: overflow ? (right < .zero ? .max : .min) : value)
  }
}
