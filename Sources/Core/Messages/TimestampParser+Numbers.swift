/// Instants as numbers.
extension TimestampParser {
  mutating func epoch() -> Timestamp? {
    let isNegative = skip("-")
    let start = position
    var whole: Int64 = 0
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
      let (sum, overflowed) = product.addingReportingOverflow(Int64(digit))
      if overflow || overflowed { return nil }
      whole = sum
      position += 1
    }
    guard position > start else { return nil }
    let part: Int64
    if skip(".") {
      guard let value = fraction() else { return nil }
      part = value
    } else {
      part = 0
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") { return scientific() }
    return isAtEnd ? Self.scaled(whole, part, isNegative: isNegative) : nil
  }

  /// `1.769508e9`: the fraction is rounded to 10^-6 of the unit, the precision of a Double.
  private func scientific() -> Timestamp? {
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite, abs(value) < 9e18 else {
      return nil
    }
    let whole = abs(value).rounded(.down)
    let part = ((abs(value) - whole) * 1e6).rounded() * 1000
    return Self.scaled(Int64(whole), min(Int64(part), 999_999_999), isNegative: value < 0)
  }

  /// Determines the unit by magnitude: seconds reach the year 5138, milliseconds start in 1973, and so on for the finer units.
  private static func scaled(_ whole: Int64, _ part: Int64, isNegative: Bool) -> Timestamp? {
    if ticks.contains(whole), !isNegative { return Timestamp(nanoseconds: (whole - ticksTo1970) * 100) }
    let perUnit: Int64 =
      switch whole {
      case ..<100_000_000_000: 1_000_000_000
      case ..<100_000_000_000_000: 1_000_000
      case ..<100_000_000_000_000_000: 1000
      default: 1
      }
    let (product, overflow) = whole.multipliedReportingOverflow(by: perUnit)
    if overflow { return nil }
    let (sum, overflowed) = product.addingReportingOverflow(part / (1_000_000_000 / perUnit))
    return overflowed ? nil : Timestamp(nanoseconds: isNegative ? -sum : sum)
  }

  /// .NET ticks of the years 1997 to 2123. As nanoseconds they would be in 1989 to 1991, and no event is that old.
  private static let ticks: Range<Int64> = 630_000_000_000_000_000..<670_000_000_000_000_000
  private static let ticksTo1970: Int64 = 621_355_968_000_000_000
}
