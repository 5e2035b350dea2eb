import Core
import Text

/// Conversions for reports. An unknown value is `null`.
extension JSONValue {
  package init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  package init(_ number: Int?) { self = number.map { .int(Int64($0)) } ?? .null }

  package init(_ number: Int64?) { self = number.map { .int($0) } ?? .null }

  package init(_ number: Known<Int64>) { self.init(number.value) }

  package init(_ time: Timestamp?) { self = time.map { .string($0.iso8601) } ?? .null }

  /// Milliseconds, rounded to three decimal places.
  package init(milliseconds duration: Duration?) {
    self = duration.map { .double(($0.milliseconds * 1000).rounded() / 1000) } ?? .null
  }

  /// Rounded to six decimal places.
  package init(rounded number: Double?) {
    self = number.map { .double(($0 * 1_000_000).rounded() / 1_000_000) } ?? .null
  }
}
