/// The format of a time that matches none of the usual forms: `MM/dd/yyyy HH:mm:ss`, with the letters of Java and .NET.
///
/// `yyyy yy MMMM MMM MM M dd d EEEE EEE HH H hh h mm m ss s`; `S` and `f` are digits of a second's fraction, one letter or several; `a`
/// and `tt` are AM or PM; `X`, `x`, `Z`, `z` and `K` are an offset, `Z`, `UTC` or `GMT`; text is enclosed in single quotation marks.
package struct TimeFormat: Sendable, Equatable {
  package struct Invalid: Error, Equatable {
    package var message: String
  }

  private enum Part: Sendable, Equatable {
    case literal(UInt8)
    /// A field with its minimum and maximum number of digits.
    case number(Field, ClosedRange<Int>)
    case month
    case weekday
    case fraction
    case halfOfDay
    case zone
  }

  private enum Field: Sendable {
    case year
    case month
    case day
    case hour
    case minute
    case second
  }

  package let text: String
  private let parts: [Part]

  package init(_ text: String) throws(Invalid) {
    self.text = text
    var parts: [Part] = []
    var rest = Array(text.utf8)[...]
    while let letter = rest.first {
      if letter == UInt8(ascii: "'") {
        let quoted = rest.dropFirst().prefix { $0 != UInt8(ascii: "'") }
        guard quoted.endIndex < rest.endIndex else { throw Invalid(message: "`'` without another in `\(text)`") }
        parts += quoted.map(Part.literal)
        rest = rest[(quoted.endIndex + 1)...]
        continue
      }
      let run = rest.prefix { $0 == letter }
      parts += try Self.parts(letter, run.count, text)
      rest = rest[run.endIndex...]
    }
    self.parts = parts
    guard parts.contains(.month) || parts.contains(where: { if case .number(.month, _) = $0 { true } else { false } }),
      parts.contains(where: { if case .number(.day, _) = $0 { true } else { false } })
    else { throw Invalid(message: "expected a form with a year, a month and a day, such as MM/dd/yyyy HH:mm:ss") }
  }

  private static func parts(_ letter: UInt8, _ count: Int, _ text: String) throws(Invalid) -> [Part] {
    switch UnicodeScalar(letter) {
    case "y", "u": return [.number(.year, count == 2 ? 2...2 : 4...4)]
    case "M": return count > 2 ? [.month] : [.number(.month, min(count, 2)...2)]
    case "d": return [.number(.day, min(count, 2)...2)]
    case "H", "h": return [.number(.hour, min(count, 2)...2)]
    case "m": return [.number(.minute, min(count, 2)...2)]
    case "s": return [.number(.second, min(count, 2)...2)]
    case "E": return [.weekday]
    case "S", "f", "F", "n": return [.fraction]
    case "a", "t": return [.halfOfDay]
    case "X", "x", "Z", "z", "K": return [.zone]
    case let letter where letter.properties.isAlphabetic:
      throw Invalid(
        message:
          "`\(Character(letter))` means nothing in a time's form; text stands in single quotation marks, as in 'T'")
    default: return Array(repeating: .literal(letter), count: count)
    }
  }

  /// `nil` if the bytes do not match. A time without a zone is in `zone`, or in UTC if that is `nil`.
  package func read(_ bytes: UnsafeRawBufferPointer, zone: ZoneOffsets?) -> TimestampParser.Reading? {
    var parser = TimestampParser(bytes: bytes)
    var civil = TimestampParser.Civil()
    var isAfternoon: Bool?
    var offset: Int64?
    for part in parts {
      switch part {
      case .literal(let byte): guard parser.skip(UnicodeScalar(byte)) else { return nil }
      case .number(let field, let digits):
        guard let value = parser.digits(digits) else { return nil }
        Self.set(field, digits.upperBound == 2 && field == .year ? value + 2000 : value, in: &civil)
      case .month:
        guard let month = parser.month() else { return nil }
        civil.month = month
      case .weekday: parser.skipLetters()
      case .fraction: civil.nanosecond = parser.fraction() ?? 0
      case .halfOfDay:
        guard let half = parser.halfOfDay() else { return nil }
        isAfternoon = half
      case .zone:
        guard let value = parser.zone() else { return nil }
        offset = value
      }
    }
    guard parser.isAtEnd else { return nil }
    if let isAfternoon { civil.hour = civil.hour % 12 + (isAfternoon ? 12 : 0) }
    return TimestampParser.reading(civil, offset: offset, zone: zone)
  }

  private static func set(_ field: Field, _ value: Int64, in civil: inout TimestampParser.Civil) {
    switch field {
    case .year: civil.year = value
    case .month: civil.month = value
    case .day: civil.day = value
    case .hour: civil.hour = value
    case .minute: civil.minute = value
    case .second: civil.second = value
    }
  }
}

/// The offsets of a time zone from UTC, from one change to the next.
package struct ZoneOffsets: Sendable, Equatable {
  /// As configured: `America/New_York` or `+02:00`.
  package var name: String
  /// Seconds east of UTC before the first change.
  private let initial: Int64
  /// Instants of the changes in seconds since 1970, ascending, and the offset from each of them on.
  private let instants: [Int64]
  private let offsets: [Int64]

  /// `changes` are sorted by instant.
  package init(name: String, initial: Int64, changes: [(instant: Int64, offset: Int64)] = []) {
    self.name = name
    self.initial = initial
    instants = changes.map(\.instant)
    offsets = changes.map(\.offset)
  }

  package func offset(at instant: Int64) -> Int64 {
    var (low, high) = (0, instants.count)
    while low < high {
      let middle = (low + high) / 2
      if instants[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initial : offsets[low - 1]
  }

  /// The instant at which local clocks show this number of seconds since 1970. An hour that occurs twice is the first one; a skipped hour
  /// is read with the offset before the change.
  package func instant(ofLocal seconds: Int64) -> Int64 {
    let day: Int64 = 86_400
    let before = seconds &- offset(at: seconds &- day)
    if offset(at: before) == seconds &- before { return before }
    let after = seconds &- offset(at: seconds &+ day)
    return offset(at: after) == seconds &- after ? after : before
  }
}
