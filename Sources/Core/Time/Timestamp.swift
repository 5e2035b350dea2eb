import Text

/// An instant in nanoseconds since 1970-01-01 00:00 UTC, negative before it. Covers the years 1677 to 2262. Arithmetic is clamped to that
/// range instead of trapping, because times come from external input.
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

  /// Earlier than every readable event.
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

extension Timestamp {
  /// The date and time of an instant in UTC.
  package struct Civil: Equatable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var millisecond: Int
  }

  /// Date and time in the proleptic Gregorian calendar, in UTC. Days are counted in eras of 400 years that start on March 1, so that the
  /// leap day is the last day of a year.
  package var civil: Civil {
    let total = milliseconds - (nanoseconds < 0 && nanoseconds % 1_000_000 != 0 ? 1 : 0)
    let day = Int(total >= 0 ? total / 86_400_000 : (total - 86_399_999) / 86_400_000)
    let within = Int(total - Int64(day) * 86_400_000)
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return Civil(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * marchMonth + 2) / 5 + 1, hour: within / 3_600_000, minute: within / 60_000 % 60,
      second: within / 1000 % 60, millisecond: within % 1000)
  }

  /// `2026-01-27T10:00:00.000Z`: UTC with milliseconds, the format of all reports.
  package var iso8601: String {
    let civil = civil
    return "\(Self.padded(civil.year, 4))-\(Self.padded(civil.month, 2))-\(Self.padded(civil.day, 2))T"
      + "\(Self.padded(civil.hour, 2)):\(Self.padded(civil.minute, 2)):\(Self.padded(civil.second, 2))"
      + ".\(Self.padded(civil.millisecond, 3))Z"
  }

  fileprivate static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Quantity {
  /// `14:03:22`, the time of day at `offset` from UTC.
  package static func clock(_ time: Timestamp, offset: Duration = .zero) -> String {
    let civil = (time + offset).civil
    return [civil.hour, civil.minute, civil.second].map { Timestamp.padded($0, 2) }.joined(separator: ":")
  }
}
