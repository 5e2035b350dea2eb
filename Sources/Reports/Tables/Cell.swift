import Core
import TUI
import Text

/// One value of a table. It is written for people or for programs only when it is printed: a table may have many thousands.
package enum Cell: Sendable, Equatable {
  case text(String?)
  /// The mark stands before it: `>7` is at least 7.
  case integer(Int64?, mark: String = "")
  /// What ticks. The mark stands before it: `>4m12s` is at least so long.
  case age(Duration?, mark: String = "")
  case latency(Duration?)
  /// Per second.
  case rate(Double?)
  /// 0 to 1.
  case share(Double?)
  case number(Double?, mark: String = "")
  case time(Timestamp?)
  /// A word in the place of a number.
  case word(String)

  static func count(_ number: (some BinaryInteger)?, mark: String = "") -> Cell {
    .integer(number.map { Int64(clamping: $0) }, mark: mark)
  }

  static func count(_ number: Known<some BinaryInteger & Sendable>) -> Cell {
    count(number.value, mark: number.quality.mark)
  }

  static func words(_ list: [String]) -> Cell { .text(list.isEmpty ? nil : list.joined(separator: ",")) }

  /// For people. Not known is `-`.
  var shown: String {
    switch self {
    case .text(let text): text.flatMap { $0.isEmpty ? nil : $0 } ?? Quantity.unknown
    case .integer(let number, let mark): number.map { mark + String($0) } ?? Quantity.unknown
    case .age(let duration, let mark): duration == nil ? Quantity.unknown : mark + Quantity.age(duration)
    case .latency(let duration): Quantity.latency(duration)
    case .rate(let rate): Quantity.rate(rate)
    case .share(let share): Quantity.share(share)
    case .number(let number, let mark): number.map { mark + Quantity.decimal($0, digits: 1) } ?? Quantity.unknown
    case .time(let time): time?.iso8601 ?? Quantity.unknown
    case .word(let word): word
    }
  }

  /// For programs: whole numbers, milliseconds, shares from 0 to 1. Not known is empty.
  var raw: String {
    switch self {
    case .text(let text): text ?? ""
    case .integer(let number, _): number.map { String($0) } ?? ""
    case .age(let duration, _), .latency(let duration): Self.raw(duration?.milliseconds, 1000)
    case .rate(let number), .share(let number), .number(let number, _): Self.raw(number, 1_000_000)
    case .time(let time): time?.iso8601 ?? ""
    case .word(let word): word
    }
  }

  private static func raw(_ number: Double?, _ scale: Double) -> String {
    guard let number, number.isFinite else { return "" }
    let rounded = (number * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : "\(rounded)"
  }

  /// By what it is sorted; `nil` when it is not known.
  private var number: Double? {
    switch self {
    case .integer(let number, _): number.map(Double.init)
    case .age(let duration, _), .latency(let duration): duration?.milliseconds
    case .rate(let number), .share(let number), .number(let number, _): number
    case .time(let time): time.map { Double($0.nanoseconds) }
    case .text, .word: nil
    }
  }

  /// Numbers by size, texts by their letters; what is not known comes last either way round.
  static func comesBefore(_ left: Cell, _ right: Cell, isDescending: Bool) -> Bool? {
    if let first = left.number, let second = right.number {
      return first == second ? nil : (first < second) != isDescending
    }
    let (first, second) = (left.text, right.text)
    if let first, let second { return first == second ? nil : (first < second) != isDescending }
    let (isKnown, isOtherKnown) = (left.isKnown, right.isKnown)
    return isKnown == isOtherKnown ? nil : isKnown
  }

  private var text: String? {
    switch self {
    case .text(let text): text
    case .word(let word): word
    default: nil
    }
  }

  private var isKnown: Bool { number != nil || text != nil }
}
