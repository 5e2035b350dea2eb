/// Reads an instant in any of the forms that events carry.
///
/// ISO 8601 with or without a zone (none means UTC), with `T` or a blank, with up to nine digits of fraction, or only a date; or
/// a number since 1970 in seconds, milliseconds, microseconds or nanoseconds, told apart by its magnitude, with a fraction or not.
package struct TimestampParser {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// `nil` when the bytes are in none of the forms.
  package static func parse(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    guard bytes.count >= 1, bytes.count <= 64 else { return nil }
    var parser = TimestampParser(bytes: bytes)
    let isDate = bytes.count >= 8 && bytes[4] == UInt8(ascii: "-")
    return isDate ? parser.calendar() : parser.epoch()
  }

  package static func parse(_ text: String) -> Timestamp? {
    var text = text
    return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
  }

  private init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  private var isAtEnd: Bool { position == bytes.count }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Exactly `count` digits.
  private mutating func digits(_ count: Int) -> Int64? {
    guard position + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for _ in 0..<count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
      position += 1
    }
    return value
  }

  /// The digits behind a point as nanoseconds; what is finer is cut.
  private mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var scale: Int64 = 100_000_000
    let start = position
    while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      value += Int64(digit) * scale
      scale /= 10
      position += 1
    }
    return position > start ? value : nil
  }

  private mutating func calendar() -> Timestamp? {
    guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2) else { return nil }
    guard (1...12).contains(month), (1...Self.daysOf(month: month, year: year)).contains(day) else { return nil }
    let midnight = Self.days(year: year, month: month, day: day) * 86_400
    if isAtEnd { return Self.instant(midnight, 0) }
    guard skip("T") || skip("t") || skip(" "), let (seconds, nanoseconds) = timeOfDay(), let zone = zone(), isAtEnd
    else {
      return nil
    }
    return Self.instant(midnight + seconds - zone, nanoseconds)
  }

  private mutating func timeOfDay() -> (seconds: Int64, nanoseconds: Int64)? {
    guard let hour = digits(2), hour < 24, skip(":"), let minute = digits(2), minute < 60 else { return nil }
    var second: Int64 = 0
    var nanoseconds: Int64 = 0
    if skip(":") {
      // A leap second is read as the second after it.
      guard let value = digits(2), value <= 60 else { return nil }
      second = value
      if skip(".") || skip(",") {
        guard let value = fraction() else { return nil }
        nanoseconds = value
      }
    }
    return (hour * 3600 + minute * 60 + second, nanoseconds)
  }

  /// Seconds east of UTC.
  private mutating func zone() -> Int64? {
    if isAtEnd || skip("Z") || skip("z") { return 0 }
    let sign: Int64 = skip("+") ? 1 : skip("-") ? -1 : 0
    guard sign != 0, let hour = digits(2), hour < 24 else { return nil }
    if isAtEnd { return sign * hour * 3600 }
    _ = skip(":")
    guard let minute = digits(2), minute < 60 else { return nil }
    return sign * (hour * 3600 + minute * 60)
  }

  private mutating func epoch() -> Timestamp? {
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
    return isAtEnd ? Self.scaled(whole, part, isNegative: isNegative) : nil
  }

  /// Seconds reach the year 5138, milliseconds begin in 1973, and so on for the finer units.
  private static func scaled(_ whole: Int64, _ part: Int64, isNegative: Bool) -> Timestamp? {
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

  private static func instant(_ seconds: Int64, _ nanoseconds: Int64) -> Timestamp? {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowed) = product.addingReportingOverflow(nanoseconds)
    return overflow || overflowed ? nil : Timestamp(nanoseconds: sum)
  }

  private static func daysOf(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: 31
    }
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar; the year begins on the first of March, its leap day is its last.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
