/// Formats numbers for all screens and tables. An unknown value is `-`, never 0.
package enum Quantity {
  package static let unknown = "-"

  /// At most five columns, for ages and durations that change: `0.4s`, `12s`, `4m12s`, `3h05m`, `12d`.
  package static func age(_ duration: Duration?) -> String {
    guard let duration else { return unknown }
    let milliseconds = max(0, duration.nanosecondsClamped / 1_000_000)
    let seconds = milliseconds / 1000
    switch seconds {
    case ..<10: return "\(milliseconds / 1000).\(milliseconds % 1000 / 100)s"
    case ..<60: return "\(seconds)s"
    case ..<600: return "\(seconds / 60)m\(padded(seconds % 60))s"
    case ..<3600: return "\(seconds / 60)m"
    case ..<36_000: return "\(seconds / 3600)h\(padded(seconds / 60 % 60))m"
    case ..<86_400: return "\(seconds / 3600)h"
    default: return seconds / 86_400 < 10_000 ? "\(seconds / 86_400)d" : ">27y"
    }
  }

  /// Latency: `4.1 ms`, `410 ms`, `1.2 s`, `4m12s`.
  package static func latency(_ duration: Duration?) -> String {
    guard let duration else { return unknown }
    let milliseconds = max(0, duration.milliseconds)
    switch milliseconds {
    case ..<9.95: return "\(decimal(milliseconds, digits: 1)) ms"
    case ..<999.5: return "\(Int(milliseconds.rounded())) ms"
    case ..<59_950: return "\(decimal(milliseconds / 1000, digits: 1)) s"
    default: return age(max(duration, .seconds(60)))
    }
  }

  /// `1 warning`, `12,345 warnings`.
  package static func counted(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// At most five columns: `9999`, `15k`, `3.4M`, `2.0G`.
  package static func count(_ number: Int?) -> String {
    guard let number else { return unknown }
    switch number {
    case ..<10_000: return "\(number)"
    case ..<1_000_000: return "\(number / 1000)k"
    default: return millions(number)
    }
  }

  /// Truncated, not rounded: "2.0M" is not shown before 2,000,000 is reached.
  private static func millions(_ number: Int) -> String {
    var unit = 1_000_000
    var names = ["M", "G", "T", "P", "E"][...]
    while number / unit >= 1000 {
      unit *= 1000
      names.removeFirst()
    }
    let whole = number / unit
    return "\(whole)" + (whole < 10 ? ".\(number / (unit / 10) % 10)" : "") + (names.first ?? "")
  }

  /// All digits with thousands separators: `1,234,567`.
  package static func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude).utf8)
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(UInt8(ascii: ","), at: place) }
    return (number < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
  }

  /// Rate per second: `0.2/s`, `42/s`, `1.2k/s`.
  package static func rate(_ perSecond: Double?) -> String {
    guard let perSecond, perSecond.isFinite else { return unknown }
    switch perSecond {
    case ..<9.95: return "\(decimal(max(0, perSecond), digits: 1))/s"
    case ..<9_999.5: return "\(Int(perSecond.rounded()))/s"
    default: return "\(count(Int(min(perSecond.rounded(), 1e18))))/s"
    }
  }

  /// `99.2 %`. 100 % is shown only for exactly 1.
  package static func share(_ share: Double?) -> String {
    guard let share, share.isFinite else { return unknown }
    let shown = share < 1 ? min(share, 0.9994) : share
    return shown == 1 ? "100 %" : "\(decimal(shown * 100, digits: 1)) %"
  }

  /// `p 0.42`, `p < 0.001`.
  package static func probability(_ p: Double) -> String {
    p < 0.001 ? "p < 0.001" : "p \(decimal(p, digits: p < 0.1 ? 3 : 2))"
  }

  /// `812 B`, `4.0 KiB`, `5.0 MiB`.
  package static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1024: "\(count) B"
    case ..<1_048_525: "\(decimal(Double(count) / 1024, digits: 1)) KiB"
    default: "\(decimal(Double(count) / 1_048_576, digits: 1)) MiB"
    }
  }

  package static func decimal(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int64(max(-9e15, min(9e15, (value * scale).rounded())))
    let whole = scaled / Int64(scale)
    let fraction = String((scaled % Int64(scale)).magnitude)
    let sign = scaled < 0 && whole == 0 ? "-" : ""
    return "\(sign)\(whole)." + String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
  }

  private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Arithmetic for numbers from outside, which may overflow: the result is clamped to the range of the type.
extension Int64 {
  package func saturating(plus other: Int64) -> Int64 {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? (other < 0 ? .min : .max) : sum
  }

  package func saturating(minus other: Int64) -> Int64 {
    let (rest, isOver) = subtractingReportingOverflow(other)
    return isOver ? (other < 0 ? .max : .min) : rest
  }
}

extension Int {
  package func saturating(plus other: Int) -> Int {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? (other < 0 ? .min : .max) : sum
  }
}
