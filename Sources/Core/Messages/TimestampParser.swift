/// Parses an instant in any of the forms used in events.
///
/// ISO 8601 with or without a zone, with `T` or a space, with up to nine digits of fraction, a date only, with `/` instead of `-`, or
/// without separators (`20261129T225639Z`); the forms of Java, Go and C (`Sun Nov 29 22:56:39 UTC 2026`, `… +0000 UTC m=+0.1`); RFC 1123
/// (`Sun, 29 Nov 2026 22:56:39 GMT`); .NET's `/Date(1769508000000)/`; or a number since 1970 in seconds, milliseconds, microseconds or
/// nanoseconds, distinguished by magnitude, with or without a fraction, or .NET's ticks of 100 ns since the year 1.
package struct TimestampParser {
  package struct Reading: Sendable, Equatable {
    package var time: Timestamp
    /// It has no zone and is not a number: the zone was taken from the configuration, or UTC was assumed.
    package var isLocal: Bool
  }

  let bytes: UnsafeRawBufferPointer
  var position = 0

  /// `nil` if the bytes have none of the forms. A time without a zone is in `zone`, or in UTC if that is `nil`.
  package static func read(_ bytes: UnsafeRawBufferPointer, zone: ZoneOffsets?) -> Reading? {
    guard bytes.count >= 1, bytes.count <= 64 else { return nil }
    if let reading = utc(bytes) { return reading }
    var parser = TimestampParser(bytes: bytes)
    if bytes.count >= 8, bytes[4] == UInt8(ascii: "-") || bytes[4] == UInt8(ascii: "/") { return parser.calendar(zone) }
    if bytes.count >= 13, bytes[8] == UInt8(ascii: "T") { return parser.compact(zone) }
    switch bytes[0] {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return printed.lazy.compactMap { $0.read(bytes, zone: zone) }.first
    case UInt8(ascii: "/"): return parser.date().map { Reading(time: $0, isLocal: false) }
    default: return parser.epoch().map { Reading(time: $0, isLocal: false) }
    }
  }

  /// `2026-11-29T18:21:19Z` with up to nine digits of fraction, the most common form; `nil` for any other.
  private static func utc(_ bytes: UnsafeRawBufferPointer) -> Reading? {
    guard bytes.count >= 20, bytes.count <= 30, bytes.count != 21, bytes[bytes.count - 1] == UInt8(ascii: "Z"),
      bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      bytes.count == 20 || bytes[19] == UInt8(ascii: ".")
    else { return nil }
    var isNumber = true
    func digit(_ place: Int) -> Int64 {
      let digit = bytes[place] &- UInt8(ascii: "0")
      if digit > 9 { isNumber = false }
      return Int64(digit)
    }
    func pair(_ place: Int) -> Int64 { digit(place) * 10 + digit(place + 1) }
    var civil = Civil(
      year: pair(0) * 100 + pair(2), month: pair(5), day: pair(8), hour: pair(11), minute: pair(14), second: pair(17))
    var scale: Int64 = 100_000_000
    for place in 20..<max(20, bytes.count - 1) {
      civil.nanosecond += digit(place) * scale
      scale /= 10
    }
    return isNumber ? reading(civil, offset: 0, zone: nil) : nil
  }

  package static func read(_ text: String, zone: ZoneOffsets?) -> Reading? {
    var text = text
    return text.withUTF8 { read(UnsafeRawBufferPointer($0), zone: zone) }
  }

  /// Year, month, day, hour, minute, second, nanoseconds, where all after the day may be omitted; or seconds and nanoseconds since 1970.
  package static func read(_ numbers: [Int64], zone: ZoneOffsets?) -> Reading? {
    if numbers.count == 2, let instant = instant(numbers[0], numbers[1]) {
      return Reading(time: instant, isLocal: false)
    }
    guard (3...7).contains(numbers.count) else { return nil }
    let all = numbers + Array(repeating: 0, count: 7 - numbers.count)
    let civil = Civil(
      year: all[0], month: all[1], day: all[2], hour: all[3], minute: all[4], second: all[5], nanosecond: all[6])
    return reading(civil, offset: nil, zone: zone)
  }

  package static func parse(_ text: String) -> Timestamp? { read(text, zone: nil)?.time }

  private static let printed = [
    "EEE, d MMM yyyy HH:mm:ss z", "EEE MMM d HH:mm:ss z yyyy", "EEE MMM d HH:mm:ss yyyy", "EEE MMM  d HH:mm:ss yyyy",
  ].compactMap { try? TimeFormat($0) }

  /// A local date and time.
  struct Civil {
    var year: Int64 = 0
    var month: Int64 = 0
    var day: Int64 = 0
    var hour: Int64 = 0
    var minute: Int64 = 0
    var second: Int64 = 0
    var nanosecond: Int64 = 0

    fileprivate var isValid: Bool {
      (1...9999).contains(year) && (1...12).contains(month)
        && (1...TimestampParser.daysOf(month: month, year: year)).contains(day)
        && (0..<24).contains(hour) && (0..<60).contains(minute) && (0...60).contains(second)
        && (0..<1_000_000_000).contains(nanosecond)
    }
  }

  /// `offset` is the offset in the time itself, in seconds east of UTC; `nil` if it has none.
  static func reading(_ civil: Civil, offset: Int64?, zone: ZoneOffsets?) -> Reading? {
    guard civil.isValid else { return nil }
    let midnight = days(year: civil.year, month: civil.month, day: civil.day) * 86_400
    let local = midnight + civil.hour * 3600 + civil.minute * 60 + civil.second
    let seconds = offset.map { local - $0 } ?? zone?.instant(ofLocal: local) ?? local
    return instant(seconds, civil.nanosecond).map { Reading(time: $0, isLocal: offset == nil) }
  }

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

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

  mutating func digits(_ count: ClosedRange<Int>) -> Int64? {
    var value: Int64 = 0
    let start = position
    while position < bytes.count, position - start < count.upperBound,
      case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10
    {
      value = value * 10 + Int64(digit)
      position += 1
    }
    return position - start >= count.lowerBound ? value : nil
  }

  mutating func skipLetters() {
    while position < bytes.count, (bytes[position] | 0x20) &- UInt8(ascii: "a") < 26 { position += 1 }
  }

  private mutating func letters() -> String {
    let start = position
    skipLetters()
    return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
  }

  /// The English name or its first three letters.
  mutating func month() -> Int64? {
    let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    let word = letters()
    return word.count < 3 ? nil : names.firstIndex { word.hasPrefix($0) }.map { Int64($0 + 1) }
  }

  /// `true` for PM.
  mutating func halfOfDay() -> Bool? {
    switch letters() {
    case "am": false
    case "pm": true
    default: nil
    }
  }

  /// The digits after the decimal point as nanoseconds; further digits are truncated.
  mutating func fraction() -> Int64? {
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

  private mutating func calendar(_ zone: ZoneOffsets?) -> Reading? {
    let separator: Unicode.Scalar = bytes[4] == UInt8(ascii: "/") ? "/" : "-"
    guard let year = digits(4), skip(separator), let month = digits(2), skip(separator), let day = digits(2) else {
      return nil
    }
    var civil = Civil(year: year, month: month, day: day)
    if isAtEnd { return Self.reading(civil, offset: nil, zone: zone) }
    guard skip("T") || skip("t") || skip(" "), timeOfDay(into: &civil) else { return nil }
    return withZone(civil, zone)
  }

  private mutating func withZone(_ civil: Civil, _ zone: ZoneOffsets?) -> Reading? {
    if isAtEnd { return Self.reading(civil, offset: nil, zone: zone) }
    _ = skip(" ")
    guard let offset = self.zone() else { return nil }
    skipName()
    return isAtEnd ? Self.reading(civil, offset: offset, zone: zone) : nil
  }

  /// `20261129T225639.250Z`, with or without seconds.
  private mutating func compact(_ zone: ZoneOffsets?) -> Reading? {
    guard let year = digits(4), let month = digits(2), let day = digits(2), skip("T"), let hour = digits(2),
      let minute = digits(2)
    else { return nil }
    var civil = Civil(year: year, month: month, day: day, hour: hour, minute: minute)
    if let second = digits(2) { civil.second = second }
    if skip(".") || skip(",") {
      guard let nanoseconds = fraction() else { return nil }
      civil.nanosecond = nanoseconds
    }
    return withZone(civil, zone)
  }

  /// Skips the zone's name after an offset, as in Java, `-05:00[America/New_York]`, or Go, `-0500 EST m=+0.1`.
  private mutating func skipName() {
    var end = position
    if skip(" "), !letters().isEmpty {
      end = position
      position = skip(" ") && skip("m") && skip("=") ? bytes.count : end
    } else if position > end {
      position = end
    } else if skip("[") {
      while position < bytes.count, !skip("]") { position += 1 }
    }
  }

  /// NServiceBus writes a colon before the fraction. A leap second is read as the following second.
  private mutating func timeOfDay(into civil: inout Civil) -> Bool {
    guard let hour = digits(2), skip(":"), let minute = digits(2) else { return false }
    civil.hour = hour
    civil.minute = minute
    guard skip(":") else { return true }
    guard let second = digits(2) else { return false }
    civil.second = second
    guard skip(".") || skip(",") || skip(":") else { return true }
    guard let nanoseconds = fraction() else { return false }
    civil.nanosecond = nanoseconds
    return true
  }

  /// Seconds east of UTC.
  mutating func zone() -> Int64? {
    let sign: Int64 = skip("+") ? 1 : skip("-") ? -1 : 0
    if sign == 0 { return ["z", "utc", "gmt"].contains(letters()) ? 0 : nil }
    guard let hour = digits(2), hour < 24 else { return nil }
    let end = position
    _ = skip(":")
    guard let minute = digits(2) else {
      position = end
      return sign * hour * 3600
    }
    return minute < 60 ? sign * (hour * 3600 + minute * 60) : nil
  }

  /// `/Date(1769508000000)/`, with or without an offset, which has no effect.
  private mutating func date() -> Timestamp? {
    for scalar in "/Date(".unicodeScalars {
      guard skip(scalar) else { return nil }
    }
    let isNegative = skip("-")
    guard let number = digits(1...18) else { return nil }
    if skip("+") || skip("-") { _ = digits(4) }
    guard skip(")"), skip("/"), isAtEnd else { return nil }
    return Timestamp(milliseconds: isNegative ? -number : number)
  }

  private static func instant(_ seconds: Int64, _ nanoseconds: Int64) -> Timestamp? {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowed) = product.addingReportingOverflow(nanoseconds)
    return overflow || overflowed ? nil : Timestamp(nanoseconds: sum)
  }

  fileprivate static func daysOf(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: 31
    }
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar. The year starts on March 1, so that the leap day is its last day.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
