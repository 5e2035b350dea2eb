/// The failures of all retained sagas, grouped by error pattern. Added failures can be removed again, so the counts do not depend on the
/// order in which failures arrive.
///
/// At most `capacity` patterns are stored. A new pattern beyond that replaces the one with the smallest weight (space-saving, Metwally,
/// Agrawal and El Abbadi 2005), so that frequent patterns are found however many patterns exist. The failures of a replaced pattern are
/// counted as dropped.
struct FailurePatterns: Sendable {
  /// Maximum number of example sagas.
  static let examples = 5

  private var patterns: [FailurePattern?] = []
  private var free: [Int32] = []
  private var places: [String: Int32] = [:]
  private var nextGeneration: UInt32 = 1
  /// Patterns by a lower bound of their weight, smallest first; empty while there is room. A pattern whose weight has decreased has a
  /// second entry, and entries of removed patterns may remain.
  private var lightest = MinHeap<Weight>()
  /// Number of failures of retained sagas whose pattern was replaced by another.
  private(set) var dropped = 0
  private let capacity: Int

  private struct Weight: Comparable {
    var weight: Int
    var last: Timestamp
    var id: FailurePatternID

    static func < (left: Weight, right: Weight) -> Bool {
      (left.weight, left.last, left.id.place) < (right.weight, right.last, right.id.place)
    }
  }

  init(capacity: Int = 500) {
    self.capacity = max(1, capacity)
  }

  var count: Int { patterns.count - free.count }

  var all: [FailurePattern] { patterns.compactMap { $0 } }

  func pattern(_ id: FailurePatternID) -> FailurePattern? {
    guard patterns.indices.contains(Int(id.place)), let pattern = patterns[Int(id.place)], pattern.id == id else {
      return nil
    }
    return pattern
  }

  mutating func add(_ failure: SagaFailure, of saga: Int32) -> FailureMark {
    let text = ErrorPattern.of(failure.error)
    let place = places[text] ?? make(text, example: failure.error)
    patterns[Int(place)]?.add(failure, of: saga)
    return FailureMark(
      failure: failure, pattern: patterns[Int(place)]?.id ?? FailurePatternID(place: place, generation: 0))
  }

  /// Removes a failure that turned out not to have happened.
  mutating func takeBack(_ mark: FailureMark, of saga: Int32) {
    remove(mark) { $0.takeBack(mark.failure, of: saga) }
  }

  /// Removes a failure of a saga that is no longer retained.
  mutating func forget(_ mark: FailureMark, of saga: Int32) {
    remove(mark) { $0.leave(mark.failure, of: saga) }
  }

  mutating func settle(_ id: FailurePatternID, first: Timestamp?, last: Timestamp?) {
    patterns[Int(id.place)]?.settle(first: first, last: last)
    noteLighter(id)
  }

  private mutating func remove(_ mark: FailureMark, _ change: (inout FailurePattern) -> Void) {
    guard pattern(mark.pattern) != nil else {
      dropped = max(0, dropped - 1)
      return
    }
    let place = Int(mark.pattern.place)
    if var pattern = patterns[place] {
      // Removed during the change: a second owner would cause a copy of its tables.
      patterns[place] = nil
      change(&pattern)
      if pattern.count > 0 { patterns[place] = pattern } else { release(pattern) }
      noteLighter(mark.pattern)
    }
  }

  private mutating func noteLighter(_ id: FailurePatternID) {
    if lightest.count == 0 { return }
    if count < capacity || lightest.count > 4 * capacity { return lightest = MinHeap() }
    if let weight = weight(of: id) { lightest.push(weight) }
  }

  private func weight(of id: FailurePatternID) -> Weight? {
    // By index: reading the pattern into a variable would copy it with all its tables.
    let place = Int(id.place)
    guard patterns.indices.contains(place), patterns[place]?.id == id, let weight = patterns[place]?.weight else {
      return nil
    }
    return Weight(weight: weight, last: patterns[place]?.last ?? .distantPast, id: id)
  }

  private mutating func release(_ pattern: FailurePattern) {
    patterns[Int(pattern.id.place)] = nil
    places[pattern.text] = nil
    free.append(pattern.id.place)
  }

  private mutating func make(_ text: String, example: String?) -> Int32 {
    let missed = count < capacity ? 0 : makeRoom()
    let place = free.popLast() ?? Int32(patterns.count)
    if Int(place) == patterns.count { patterns.append(nil) }
    let id = FailurePatternID(place: place, generation: nextGeneration)
    nextGeneration &+= 1
    patterns[Int(place)] = FailurePattern(id: id, text: text, example: example, missedAtMost: missed)
    places[text] = place
    if lightest.count > 0, let weight = weight(of: id) { lightest.push(weight) }
    return place
  }

  /// Returns the weight of the replaced pattern.
  private mutating func makeRoom() -> Int {
    if lightest.count == 0 {
      lightest = MinHeap(patterns.indices.compactMap { patterns[$0]?.id }.compactMap { weight(of: $0) })
    }
    while let known = lightest.popLeast() {
      guard let weight = weight(of: known.id), weight >= known else { continue }
      if weight > known {
        lightest.push(weight)
        continue
      }
      guard let pattern = patterns[Int(known.id.place)] else { continue }
      dropped += pattern.count
      release(pattern)
      return known.weight
    }
    return 0
  }
}

/// Counts occurrences of names from external input. Above `capacity` names all further names share one count.
struct BoundedCounts<Name: Hashable & Sendable>: Sendable {
  /// The first few names are found without hashing; usually there are no others.
  private static var few: Int { 8 }

  private var first: [(name: Name, count: Int)] = []
  private var rest: [Name: Int] = [:]
  private(set) var others = 0
  private let capacity: Int

  var counts: [Name: Int] { first.reduce(into: rest) { $0[$1.name] = $1.count } }

  init(capacity: Int = 64) {
    self.capacity = capacity
  }

  mutating func add(_ name: Name) { change(name, by: 1) }

  mutating func remove(_ name: Name) { change(name, by: -1) }

  mutating func change(_ name: Name, by amount: Int) {
    if let place = first.firstIndex(where: { $0.name == name }) {
      first[place].count += amount
      if first[place].count <= 0 { first.remove(at: place) }
    } else if !rest.isEmpty, let count = rest[name] {
      rest[name] = count + amount > 0 ? count + amount : nil
    } else if amount > 0, first.count + rest.count < capacity {
      if first.count < Self.few { first.append((name, amount)) } else { rest[name] = amount }
    } else {
      others = max(0, others + amount)
    }
  }
}

extension BoundedCounts<Symbol> {
  /// Most frequent first, then by name.
  func named(_ symbols: SymbolTable) -> [NamedCount] {
    counts.map { NamedCount(name: symbols.name($0.key), count: $0.value) }
      .sorted { ($1.count, $0.name ?? "") < ($0.count, $1.name ?? "") }
  }
}

/// The failures of the retained sagas with the same error pattern.
struct FailurePattern: Sendable {
  let id: FailurePatternID
  let text: String
  private(set) var count = 0
  /// Maximum number of earlier failures that may have been counted for patterns replaced by this one.
  let missedAtMost: Int
  private(set) var first: Timestamp?
  private(set) var last: Timestamp?
  private(set) var steps = BoundedCounts<Symbol>()
  private(set) var nodes = BoundedCounts<Symbol>()
  private(set) var rates = RateSeries()
  /// Number of failures per saga, by slot.
  private(set) var sagas: [Int32: Int] = [:]
  /// The first or last failure was removed: both times must be recomputed from its sagas.
  private(set) var isUnsure = false
  /// The original text of one occurrence.
  let example: String?

  init(id: FailurePatternID, text: String, example: String?, missedAtMost: Int) {
    self.id = id
    self.text = text
    self.example = example
    self.missedAtMost = missedAtMost
  }

  /// The pattern with the smallest weight is replaced.
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

  /// Removes a failure that turned out not to have happened.
  mutating func takeBack(_ failure: SagaFailure, of saga: Int32) {
    leave(failure, of: saga)
    rates.add(-1, at: failure.time)
    if failure.time == first || failure.time == last { isUnsure = true }
  }

  /// Removes a failure of a saga that is no longer retained; the history stays.
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

/// The common form of the error texts of one cause: the line that describes the error, with variable values replaced by placeholders.
///
/// `<n>` is a number, `<id>` an id of letters and digits, `<uuid>`, `<hex>`, `<time>`, `<addr>` an IP address or host and port, `<s>` a
/// quoted value. A status code (`status 503`, `HTTP 404`, `SQLSTATE 23505`) is kept because it distinguishes causes.
package enum ErrorPattern {
  /// Longer patterns are truncated and end with `…`.
  static let mostBytes = 200

  /// Used if a failure has no error text.
  package static let none = "(no error text)"

  package static func of(_ text: String?) -> String {
    guard let text else { return none }
    var scanner = ErrorScanner(ErrorHead.of(text))
    let pattern = cut(withoutLists(scanner.run()))
    return pattern.isEmpty ? none : pattern
  }

  /// `[<n>, <n>, <n>]` becomes `[<n>, …]`, because lists differ in length.
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
