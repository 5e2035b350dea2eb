/// When a zone's clocks change in each year, as POSIX writes it: `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
  /// The n-th weekday of a month, at a time of day in seconds; week 5 is the last.
  private struct Date {
    var month: Int64
    var week: Int64
    var weekday: Int64
    var time: Int64 = 7200
  }

  private let standard: Int64
  private let summer: (offset: Int64, from: Date, to: Date)?

  /// `nil` for a rule of another form, such as one by days of the year.
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

  /// In the order of their instants.
  func changes(from first: Int64, to last: Int64) -> [(instant: Int64, offset: Int64)] {
    guard let summer else { return [] }
    return (first...max(first, last)).flatMap { year in
      [
        (Self.instant(summer.from, year) - standard, summer.offset),
        (Self.instant(summer.to, year) - summer.offset, standard),
      ]
    }.sorted { $0.0 < $1.0 }
  }

  /// On the zone's own clock, in seconds since 1970.
  private static func instant(_ date: Date, _ year: Int64) -> Int64 {
    let first = days(year: year, month: date.month)
    // 1970-01-01 was a Thursday.
    let weekday = ((first + 4) % 7 + 7) % 7
    var day = first + (date.weekday - weekday + 7) % 7 + (date.week - 1) * 7
    let next = date.month == 12 ? days(year: year + 1, month: 1) : days(year: year, month: date.month + 1)
    if day >= next { day -= 7 }
    return day * 86_400 + date.time
  }

  /// From 1970 to the first of that month.
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

    /// `EST` or `<+0330>`.
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

    /// `-5:30` in seconds.
    mutating func time() -> Int64? {
      let text = rest.prefix { $0.isNumber || $0 == "+" || $0 == "-" || $0 == ":" }
      let isNegative = text.first == "-"
      let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ":").map { Int64($0) }
      guard !parts.isEmpty, parts.count <= 3, !parts.contains(nil) else { return nil }
      rest = rest.dropFirst(text.count)
      let seconds = zip(parts, [3600, 60, 1]).reduce(Int64(0)) { $0 + ($1.0 ?? 0) * $1.1 }
      return isNegative ? -seconds : seconds
    }

    /// `,M3.2.0/2`.
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
