/// The failures of all retained sagas, grouped by what their texts have in common. What is added can be taken out again, so that the
/// counts are those of the set of failures, whatever the order in which it became known.
///
/// It keeps `capacity` patterns. A new one beyond that takes the place of the one that weighs least (space-saving, after Metwally,
/// Agrawal and El Abbadi 2005), so that a frequent one is found in the end however many there are; what then is no longer counted for
/// a pattern is counted as dropped.
struct FailurePatterns: Sendable {
  /// Sagas shown as examples.
  static let examples = 5

  private var patterns: [FailurePattern?] = []
  private var free: [Int32] = []
  private var places: [String: Int32] = [:]
  private var nextGeneration: UInt32 = 1
  /// Those that weigh least first, by what they weighed at least; empty while there is room. A pattern that has become lighter since has
  /// another entry, one that is gone may have some, too.
  private var lightest = MinHeap<Weight>()
  /// Failures of retained sagas whose pattern made room for another.
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

  /// It was found not to have happened after all.
  mutating func takeBack(_ mark: FailureMark, of saga: Int32) {
    remove(mark) { $0.takeBack(mark.failure, of: saga) }
  }

  /// Its saga is not retained any more.
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
      // Taken out meanwhile: two owners would copy its tables.
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
    // By its place: a pattern that is taken out to be looked at is copied with all its tables.
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

  /// Returns the weight of the one that went.
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

/// How often each of some names came, for names from outside: past `capacity` names the rest counts together.
struct BoundedCounts<Name: Hashable & Sendable>: Sendable {
  /// The first few names are found without a hash: mostly there are no others.
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
  /// Most first, then by name.
  func named(_ symbols: SymbolTable) -> [NamedCount] {
    counts.map { NamedCount(name: symbols.name($0.key), count: $0.value) }
      .sorted { ($1.count, $0.name ?? "") < ($0.count, $1.name ?? "") }
  }
}

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
