/// Finds the ids that identify sagas, and which of them identify the same sagas.
struct IdentityFinder {
  /// A kind of saga, defined by its ids.
  struct Kind {
    /// The first one is the primary id.
    var identities: [IdentityCandidate]
    /// Identifies the saga in events without its ids.
    var composed: IdentityCandidate?
    var types: Set<Int>
    /// Too few sagas were seen for statistics; only the names of the ids are evidence.
    var isFew = false
    /// The number of events in which its ids have an empty value, such as 0, and that nothing else assigns to a saga.
    var lost = 0
  }

  let samples: TypedSamples
  /// Configured fields of the ids; empty to infer them.
  let hints: [FieldSource]

  private let steps: CarriedSteps
  private let candidates: [IdentityCandidate]
  /// By the fields of a candidate. Pairs of candidates are compared in the events of these lists only.
  private let occurrences: [[Int]: [Occurrence]]

  /// An event that carries a candidate.
  private struct Occurrence {
    var event: Int
    var value: Int
  }

  init(samples: TypedSamples, hints: [FieldSource]) {
    (self.samples, self.hints) = (samples, hints)
    steps = CarriedSteps(Set(samples.types.indices), in: samples)
    let candidates = IdentityCandidate.all(of: samples, hints: hints)
    self.candidates = candidates
    let lists = candidates.map { ($0.fields, Self.occurrences(of: $0, in: samples)) }
    occurrences = Dictionary(lists, uniquingKeysWith: { first, _ in first })
  }

  /// In the order of the events.
  private static func occurrences(of candidate: IdentityCandidate, in samples: TypedSamples) -> [Occurrence] {
    samples.events.enumerated().compactMap { place, event in
      candidate.value(in: event).map { Occurrence(event: place, value: $0) }
    }
  }

  /// Ignores ids with the names `unproven`, except configured ones.
  func kinds(without unproven: Set<String> = []) -> [Kind] {
    if hints.contains(where: samples.set.fields.contains) {
      return candidates.filter { !$0.types.isEmpty }.map { Kind(identities: [$0], types: Set($0.types.keys)) }
    }
    var kinds = kinds(
      candidates.filter { !unproven.contains($0.name) && $0.namesFlows(among: samples.events.count) })
    for place in kinds.indices {
      kinds[place].identities.sort {
        ($0.rank, $0.isOfParty ? 1 : 0, -$0.types.count, $0.name) < (
          $1.rank, $1.isOfParty ? 1 : 0, -$1.types.count, $1.name
        )
      }
    }
    return kinds
  }

  /// A kind from only one or two flows, if there are no more.
  func few() -> Kind? {
    guard hints.isEmpty else { return nil }
    let named = IdentityCandidate.all(of: samples, hints: [], least: 1).filter { $0.namesFew(samples) }
    return named.min {
      ($0.isKey ? 1 : 0, $0.rank, -$0.count, $0.name) < ($1.isKey ? 1 : 0, $1.rank, -$1.count, $1.name)
    }
    .map { Kind(identities: [$0], types: Set($0.types.keys), isFew: true) }
  }

  private func kinds(_ all: [IdentityCandidate]) -> [Kind] {
    let whole = all.filter { one in !all.contains { isPart(one, of: $0) } }
    let candidates = whole.filter { one in !whole.contains { isGroup(one, of: $0) } }
    var kinds: [Kind] = []
    for candidate in candidates.sorted(by: { order($0) < order($1) }) {
      if !candidate.isKey, let place = kinds.indices.first(where: { isSame(candidate, kinds[$0]) }) {
        join(candidate, &kinds[place])
      } else if let kind = kind(of: candidate, beside: kinds) {
        kinds.append(kind)
      }
    }
    return kinds
  }

  /// Adds an id unless the known ids already cover its events.
  private func join(_ candidate: IdentityCandidate, _ kind: inout Kind) {
    let mine = samples.events.filter { candidate.value(in: $0) != nil }
    let alone = mine.count { event in kind.identities.allSatisfy { $0.value(in: event) == nil } }
    guard 100 * alone > mine.count else { return }
    kind.identities.append(candidate)
    kind.types.formUnion(candidate.types.keys)
  }

  /// A key may be a different id in each topic, so it counts only if there is no other kind.
  private func kind(of candidate: IdentityCandidate, beside kinds: [Kind]) -> Kind? {
    let types = Set(candidate.types.keys)
    guard kinds.allSatisfy({ !candidate.isKey && types.subtracting($0.types).count > 1 }) else { return nil }
    return Kind(identities: [candidate], types: types)
  }

  /// Each of its values occurs with many values of the other id, but each value of the other id with only one of its values: it identifies
  /// the order's customer, not the order.
  private func isGroup(_ candidate: IdentityCandidate, of other: IdentityCandidate) -> Bool {
    let shared = Set(candidate.types.keys).intersection(other.types.keys)
    guard candidate.name != other.name, !other.isKey, shared.count > 1, 2 * shared.count >= candidate.types.count else {
      return false
    }
    let (pairs, mine, others) = pairs(candidate, other)
    return pairs > 1 && 10 * pairs <= 11 * others && 10 * pairs > 12 * mine
  }

  /// Several of its values occur with each value of the other id, and each of them in messages of different types or steps. Example: the id
  /// of a request and its reply within a saga.
  private func isPart(_ candidate: IdentityCandidate, of other: IdentityCandidate) -> Bool {
    guard candidate.name != other.name, !candidate.isKey, !other.isOfParty else { return false }
    var parts: [Int: [Int: Set<[Int]>]] = [:]
    eachCommon(candidate, other) { value, whole, event in
      parts[whole, default: [:]][value, default: []].insert([event.type, steps.value(of: event) ?? -1])
    }
    let several = parts.values.filter { $0.count > 1 }
    guard several.count > 2, 2 * several.count > parts.count else { return false }
    let apart = several.count { parts in parts.values.reduce(0) { $0 + $1.count } == Set(parts.values.joined()).count }
    return 10 * apart >= 9 * several.count
  }

  /// The number of value pairs in events that carry both, and the number of distinct values of each.
  private func pairs(_ one: IdentityCandidate, _ other: IdentityCandidate) -> (pairs: Int, one: Int, other: Int) {
    var pairs: Set<[Int]> = []
    var left: Set<Int> = []
    var right: Set<Int> = []
    eachCommon(one, other) { value, otherValue, _ in
      pairs.insert([value, otherValue])
      left.insert(value)
      right.insert(otherValue)
    }
    return (pairs.count, left.count, right.count)
  }

  /// The values of both candidates in each event that carries both.
  private func eachCommon(
    _ one: IdentityCandidate, _ other: IdentityCandidate, _ body: (Int, Int, TypedSamples.Event) -> Void
  ) {
    var left = (occurrences[one.fields] ?? [])[...]
    var right = (occurrences[other.fields] ?? [])[...]
    while let first = left.first, let second = right.first {
      if first.event == second.event { body(first.value, second.value, samples.events[first.event]) }
      if first.event <= second.event { left.removeFirst() }
      if second.event <= first.event { right.removeFirst() }
    }
  }

  /// The candidate with most types sorts first; parties and keys last.
  private func order(_ candidate: IdentityCandidate) -> (Int, Int, Int, Int, String) {
    (
      candidate.isKey ? 2 : candidate.isOfParty ? 1 : 0, -candidate.types.count, candidate.rank,
      -candidate.typesOfValue.count, candidate.name
    )
  }

  /// In events with both, each value of one occurs with one value of the other.
  private func isSame(_ candidate: IdentityCandidate, _ kind: Kind) -> Bool {
    kind.identities.contains { known in
      let (pairs, one, other) = pairs(candidate, known)
      return pairs > 1 && 10 * pairs <= 11 * one && 10 * pairs <= 11 * other
    }
  }
}
