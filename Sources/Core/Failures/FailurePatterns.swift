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
