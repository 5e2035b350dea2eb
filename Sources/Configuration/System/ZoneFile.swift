import Core
import Glibc

/// Reads time zones: an offset such as `+02:00`, or the name of a zone from the system's TZif files.
struct ZoneFile {
  struct Invalid: Error {
    var message: String
  }

  private static let mostBytes = 1 << 20
  /// Last year for which changes are computed from the zone's rule.
  private static let lastYear: Int64 = 2100

  private let folder: String

  /// `TZDIR` is the folder of the zone files, as for the C library.
  init(environment: [String: String]) {
    folder = environment["TZDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/share/zoneinfo"
  }

  func read(_ text: String) throws(Invalid) -> ZoneOffsets {
    if ["UTC", "GMT", "Z"].contains(text) { return ZoneOffsets(name: text, initial: 0) }
    if let offset = Self.offset(text) { return ZoneOffsets(name: text, initial: offset) }
    let isName =
      text.first?.isLetter ?? false && !text.contains("..")
      && text.utf8.allSatisfy {
        $0 < 0x80
          && (Character(UnicodeScalar($0)).isLetter || Character(UnicodeScalar($0)).isNumber
            || "_+-/".utf8.contains($0))
      }
    guard isName, case .success(let bytes) = TextFile.read("\(folder)/\(text)", atMost: Self.mostBytes) else {
      throw Invalid(
        message:
          "expected an offset such as +02:00 or the name of a zone such as Europe/Berlin; `\(text)` is none, or not in \(folder)"
      )
    }
    guard let zone = Self.zone(bytes, name: text) else {
      throw Invalid(message: "\(folder)/\(text) is no file of a zone (TZif)")
    }
    return zone
  }

  /// Parses `+02:00`, `-0530`, `+9` as seconds east of UTC.
  private static func offset(_ text: String) -> Int64? {
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), [1, 2, 4].contains(digits.count), let number = Int64(digits)
    else {
      return nil
    }
    let (hours, minutes) = digits.count == 4 ? (number / 100, number % 100) : (number, 0)
    guard hours <= 18, minutes < 60 else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// RFC 8536. Version 2 and later have a second block with 64-bit times, followed by a rule for the time after the last change.
  static func zone(_ bytes: [UInt8], name: String) -> ZoneOffsets? {
    guard let first = Block(bytes[...], timeSize: 4) else { return nil }
    var block = first
    var footer: String?
    if bytes[4] >= UInt8(ascii: "2") {
      guard let second = Block(bytes[first.end...], timeSize: 8) else { return nil }
      block = second
      let rest = bytes[second.end...].dropFirst()
      footer = String(decoding: rest.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
    var changes = block.changes
    if let footer, let rule = ZoneRule(footer) {
      let last = changes.last?.instant ?? .min
      let year = last == .min ? 1970 : 1970 + last / 31_556_952
      changes += rule.changes(from: year, to: lastYear).filter { $0.instant > last }
    }
    return ZoneOffsets(name: name, initial: block.initial, changes: changes)
  }

  /// A data block of a TZif file.
  private struct Block {
    var initial: Int64 = 0
    var changes: [(instant: Int64, offset: Int64)] = []
    var end = 0

    init?(_ bytes: ArraySlice<UInt8>, timeSize: Int) {
      let start = bytes.startIndex
      guard bytes.count >= 44, bytes.prefix(4).elementsEqual("TZif".utf8) else { return nil }
      func number(_ place: Int, _ size: Int) -> Int64 {
        let value = bytes[(start + place)..<(start + place + size)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 8 ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
      }
      let counts = (0..<6).map { Int(number(20 + 4 * $0, 4)) }
      let (isUT, isStandard, leaps, times, types, letters) = (
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]
      )
      guard counts.allSatisfy({ $0 >= 0 && $0 < 100_000 }), types > 0 else { return nil }
      let indexes = 44 + times * timeSize
      let infos = indexes + times
      let length = infos + types * 6 + letters + leaps * (timeSize + 4) + isStandard + isUT
      guard bytes.count >= length else { return nil }
      let offsets = (0..<types).map { number(infos + 6 * $0, 4) }
      initial = offsets[0]
      for index in 0..<times {
        let type = Int(bytes[start + indexes + index])
        guard type < types else { return nil }
        changes.append((number(44 + index * timeSize, timeSize), offsets[type]))
      }
      end = start + length
    }
  }
}

/// A POSIX rule for the yearly clock changes of a zone: `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
  /// The n-th weekday of a month, at a time of day in seconds. Week 5 is the last.
  private struct Date {
    var month: Int64
    var week: Int64
    var weekday: Int64
    var time: Int64 = 7200
  }

  private let standard: Int64
  private let summer: (offset: Int64, from: Date, to: Date)?

  /// `nil` for a rule of another form, such as one with days of the year.
  init?(_ text: String) {
    var scanner = Scanner(text)
    guard scanner.skipName(), let west = scanner.time() else { return nil }
    standard = -west
    guard !scanner.isAtEnd else {
      summer = nil
      return
    }
    guard scanner.skipName() else { return nil }
    let offset = scanner.time().map { -$0 } ?? standard + 3600
    guard let from = scanner.date(), let to = scanner.date(), scanner.isAtEnd else { return nil }
    summer = (offset, from, to)
  }

  /// Sorted by time.
  func changes(from first: Int64, to last: Int64) -> [(instant: Int64, offset: Int64)] {
    guard let summer else { return [] }
    return (first...max(first, last)).flatMap { year in
      [
        (Self.instant(summer.from, year) - standard, summer.offset),
        (Self.instant(summer.to, year) - summer.offset, standard),
      ]
    }.sorted { $0.0 < $1.0 }
  }

  /// Local time of the zone, in seconds since 1970.
  private static func instant(_ date: Date, _ year: Int64) -> Int64 {
    let first = days(year: year, month: date.month)
    // 1970-01-01 was a Thursday.
    let weekday = ((first + 4) % 7 + 7) % 7
    var day = first + (date.weekday - weekday + 7) % 7 + (date.week - 1) * 7
    let next = date.month == 12 ? days(year: year + 1, month: 1) : days(year: year, month: date.month + 1)
    if day >= next { day -= 7 }
    return day * 86_400 + date.time
  }

  /// Days from 1970-01-01 to the first day of the month.
  private static func days(year: Int64, month: Int64) -> Int64 {
    let past = year - 1
    let leaps = past / 4 - past / 100 + past / 400 - 477
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (year - 1970) * 365 + leaps + lengths.prefix(Int(month) - 1).reduce(0, +)
  }

  private struct Scanner {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// Skips `EST` or `<+0330>`.
    mutating func skipName() -> Bool {
      if rest.first == "<" {
        guard let end = rest.firstIndex(of: ">") else { return false }
        rest = rest[rest.index(after: end)...]
        return true
      }
      let letters = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(letters.count)
      return letters.count >= 3
    }

    /// Parses `-5:30` as seconds.
    mutating func time() -> Int64? {
      let text = rest.prefix { $0.isNumber || $0 == "+" || $0 == "-" || $0 == ":" }
      let isNegative = text.first == "-"
      let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ":").map { Int64($0) }
      guard !parts.isEmpty, parts.count <= 3, !parts.contains(nil) else { return nil }
      rest = rest.dropFirst(text.count)
      let seconds = zip(parts, [3600, 60, 1]).reduce(Int64(0)) { $0 + ($1.0 ?? 0) * $1.1 }
      return isNegative ? -seconds : seconds
    }

    /// Parses `,M3.2.0/2`.
    mutating func date() -> Date? {
      guard rest.hasPrefix(",M") else { return nil }
      rest = rest.dropFirst(2)
      let text = rest.prefix { $0.isNumber || $0 == "." }
      let parts = text.split(separator: ".").compactMap { Int64($0) }
      guard parts.count == 3, (1...12).contains(parts[0]), (1...5).contains(parts[1]), (0...6).contains(parts[2]) else {
        return nil
      }
      rest = rest.dropFirst(text.count)
      var date = Date(month: parts[0], week: parts[1], weekday: parts[2])
      if rest.first == "/" {
        rest.removeFirst()
        guard let time = time() else { return nil }
        date.time = time
      }
      return date
    }
  }
}
