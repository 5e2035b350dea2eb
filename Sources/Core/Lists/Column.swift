import Text

/// A column of a list: the value of a row for tables, CSV, Markdown, filters and the screen. The screen adds width and style.
package struct Column<Row>: Sendable {
  package let head: ColumnHead
  package let value: @Sendable (Row, Timestamp) -> ColumnValue

  /// `isWide`: shown only if all columns are shown.
  package init(
    _ title: String, _ unit: ColumnHead.Unit = .text, isWide: Bool = false,
    value: @escaping @Sendable (Row, Timestamp) -> ColumnValue
  ) {
    head = ColumnHead(title, unit, isWide: isWide)
    self.value = value
  }
}

package struct ColumnHead: Sendable {
  package enum Unit: Sendable {
    case text, number, milliseconds, perSecond, share, time
  }

  /// The column header: `LAST SUCCESS`.
  package let title: String
  package let unit: Unit
  package let isWide: Bool

  init(_ title: String, _ unit: Unit, isWide: Bool) {
    self.title = title
    self.unit = unit
    self.isWide = isWide
  }

  /// The name for `--columns`, `--sort` and filters: `last-success`.
  package var name: String { title.lowercased().replacing(" ", with: "-") }

  package var isNumber: Bool { unit != .text && unit != .time }

  /// The header for programs, with the unit of the values: `age_ms`.
  package var header: String {
    let name = title.lowercased().replacing(" ", with: "_")
    switch unit {
    case .milliseconds: return name + "_ms"
    case .perSecond: return name + "_per_second"
    case .text, .number, .share, .time: return name
    }
  }
}

/// One value of a column. It is formatted only when it is printed, because a table may have many thousands of values.
package enum ColumnValue: Sendable, Equatable {
  case text(String?)
  /// The mark is a prefix: `>7` is at least 7.
  case integer(Int64?, mark: String = "")
  /// A duration that still grows. The mark is a prefix: `>4m12s` is at least 4m12s.
  case age(Duration?, mark: String = "")
  case latency(Duration?)
  /// Per second.
  case rate(Double?)
  /// 0 to 1.
  case share(Double?)
  case number(Double?, mark: String = "")
  case time(Timestamp?)
  /// A word instead of a number.
  case word(String)

  package static func count(_ number: (some BinaryInteger)?, mark: String = "") -> ColumnValue {
    .integer(number.map { Int64(clamping: $0) }, mark: mark)
  }

  static func count(_ number: Known<some BinaryInteger & Sendable>) -> ColumnValue {
    count(number.value, mark: number.quality.mark)
  }

  package static func words(_ list: [String]) -> ColumnValue { .text(list.isEmpty ? nil : list.joined(separator: ",")) }

  /// Time since an instant: ">4m12s" if the state already existed at the first poll.
  static func age(_ since: Since?, now: Timestamp) -> ColumnValue {
    .age(since.map { now - $0.time }, mark: since?.isAtLeast ?? false ? ">" : "")
  }

  /// For people. Unknown is `-`.
  package var shown: String {
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

  /// For programs: whole numbers, milliseconds, shares from 0 to 1. Unknown is empty.
  package var raw: String {
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

  /// The value for sorting and comparing, with durations in milliseconds; `nil` if unknown.
  package var number: Double? {
    switch self {
    case .integer(let number, _): number.map(Double.init)
    case .age(let duration, _), .latency(let duration): duration?.milliseconds
    case .rate(let number), .share(let number), .number(let number, _): number
    case .time(let time): time.map { Double($0.nanoseconds) }
    case .text, .word: nil
    }
  }

  package var text: String? {
    switch self {
    case .text(let text): text
    case .word(let word): word
    default: nil
    }
  }

  /// Numbers by size, texts in alphabetical order, unknown values last in both directions. `nil` if the order is undefined.
  package static func comesBefore(_ left: ColumnValue, _ right: ColumnValue, isDescending: Bool) -> Bool? {
    if let first = left.number, let second = right.number {
      return first == second ? nil : (first < second) != isDescending
    }
    if let first = left.text, let second = right.text {
      return first == second ? nil : (first < second) != isDescending
    }
    let (isKnown, isOtherKnown) = (left.isKnown, right.isKnown)
    return isKnown == isOtherKnown ? nil : isKnown
  }

  private var isKnown: Bool { number != nil || text != nil }
}

package protocol TableRow: Sendable {
  static var columns: [Column<Self>] { get }
}

extension FilterWord {
  /// Filter words for the columns, except the words that the list defines itself.
  static func words(of columns: [Column<Subject>], beside own: [FilterWord]) -> [FilterWord] {
    own
      + columns.filter { column in column.head.unit != .time && !own.contains { $0.word.name == column.head.name } }
      .map(FilterWord.init)
  }

  private init(_ column: Column<Subject>) {
    let value = column.value
    switch column.head.unit {
    case .text, .time: self.init(column.head.name) { row, now in .texts(value(row, now).text) }
    case .milliseconds:
      self.init(column.head.name, .duration) { row, now in .number(value(row, now).number.map { $0 / 1000 }) }
    case .number, .perSecond, .share:
      self.init(column.head.name, .number) { row, now in .number(value(row, now).number) }
    }
  }
}
