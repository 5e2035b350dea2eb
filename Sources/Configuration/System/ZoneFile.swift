import Core
import Glibc

/// Reads zones: an offset such as `+02:00`, or the name of a zone that the system knows, from its TZif file.
struct ZoneFile {
  struct Invalid: Error {
    var message: String
  }

  private static let mostBytes = 1 << 20
  /// Changes that only a rule tells are worked out up to here, in seconds since 1970.
  private static let lastYear: Int64 = 2100

  private let folder: String

  /// `TZDIR` says where zones lie, as for the C library.
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

  /// `+02:00`, `-0530`, `+9`: seconds east of UTC.
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

  /// RFC 8536. Version 2 and later have a second block with 64-bit times, and behind it a rule for what comes after the last change.
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

  /// One of the file's blocks.
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
