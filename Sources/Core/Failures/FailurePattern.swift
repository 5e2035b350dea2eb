/// The failures of the retained sagas that have one text in common.
struct FailurePattern: Sendable {
  let id: FailurePatternID
  let text: String
  private(set) var count = 0
  /// How many may have been counted for patterns that made room for this one.
  let missedAtMost: Int
  private(set) var first: Timestamp?
  private(set) var last: Timestamp?
  private(set) var steps = BoundedCounts<Symbol>()
  private(set) var nodes = BoundedCounts<Symbol>()
  private(set) var rates = RateSeries()
  /// By slot, how many of its failures each saga has.
  private(set) var sagas: [Int32: Int] = [:]
  /// The first or the last was taken back: they have to be looked for among its sagas.
  private(set) var isUnsure = false
  /// An occurrence's own text, as an example.
  let example: String?

  init(id: FailurePatternID, text: String, example: String?, missedAtMost: Int) {
    self.id = id
    self.text = text
    self.example = example
    self.missedAtMost = missedAtMost
  }

  /// How much it weighs when room is needed.
  var weight: Int { count + missedAtMost }

  mutating func add(_ failure: SagaFailure, of saga: Int32) {
    count += 1
    first = min(first ?? failure.time, failure.time)
    last = max(last ?? failure.time, failure.time)
    steps.add(failure.step)
    nodes.add(failure.node)
    rates.add(1, at: failure.time)
    sagas[saga, default: 0] += 1
  }

  /// It was found not to have happened after all.
  mutating func takeBack(_ failure: SagaFailure, of saga: Int32) {
    leave(failure, of: saga)
    rates.add(-1, at: failure.time)
    if failure.time == first || failure.time == last { isUnsure = true }
  }

  /// Its saga is not retained any more; what the past was like stays known.
  mutating func leave(_ failure: SagaFailure, of saga: Int32) {
    count -= 1
    steps.remove(failure.step)
    nodes.remove(failure.node)
    if let known = sagas[saga] { sagas[saga] = known > 1 ? known - 1 : nil }
  }

  mutating func settle(first: Timestamp?, last: Timestamp?) {
    self.first = first
    self.last = last
    isUnsure = false
  }
}

/// What error texts of one cause have in common: the head of the text, with everything that differs from one occurrence to the next
/// written as a placeholder.
///
/// `<n>` is a number, `<id>` an id of letters and digits, `<uuid>`, `<hex>`, `<time>`, `<addr>` an IP address or host and port, `<s>` a
/// quoted value. A status code (`status 503`, `HTTP 404`, `SQLSTATE 23505`) is kept: it tells causes apart.
package enum ErrorPattern {
  /// Longer patterns are cut, with `…` at the end.
  static let mostBytes = 200

  /// Said where a failure tells no text.
  package static let none = "(no error text)"

  package static func of(_ text: String?) -> String {
    guard let text else { return none }
    var scanner = ErrorScanner(ErrorHead.of(text))
    let pattern = cut(withoutLists(scanner.run()))
    return pattern.isEmpty ? none : pattern
  }

  /// `[<n>, <n>, <n>]` says no more than `[<n>, …]`, and lists differ in length.
  private static func withoutLists(_ words: [ErrorScanner.Piece]) -> [UInt8] {
    var text: [UInt8] = []
    var index = 0
    while index < words.count {
      text += words[index].bytes
      var next = index + 1
      if words[index].isPlaceholder {
        while next + 1 < words.count, words[next].isListSeparator, words[next + 1] == words[index] { next += 2 }
        if next > index + 1 { text += Array(", …".utf8) }
      }
      index = next
    }
    return text
  }

  private static func cut(_ text: [UInt8]) -> String {
    guard text.count > mostBytes else { return String(decoding: text, as: UTF8.self) }
    var end = mostBytes
    while end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: text[..<end], as: UTF8.self) + "…"
  }
}
