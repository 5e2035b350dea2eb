/// Finds which ids name sagas, and which of them name the same ones.
struct IdentityFinder {
  /// A kind of saga as far as its ids tell it.
  struct Kind {
    /// The one that it is shown by first.
    var identities: [IdentityCandidate]
    /// Names it where its ids are lost.
    var composed: IdentityCandidate?
    var types: Set<Int>
    /// So few sagas were seen that only the names of the ids speak for them.
    var isFew = false
    /// Events in which its ids name nothing, as 0, and that nothing else ties to a saga.
    var lost = 0
  }

  let samples: TypedSamples
  /// Where somebody has said that the ids lie; empty where that is to be found.
  let hints: [FieldSource]

  /// The steps that messages name.
  private let steps: CarriedSteps

  init(samples: TypedSamples, hints: [FieldSource]) {
    (self.samples, self.hints) = (samples, hints)
    steps = CarriedSteps(Set(samples.types.indices), in: samples)
  }

  func kinds() -> [Kind] {
    let found = IdentityCandidate.all(of: samples, hints: hints)
    if hints.contains(where: samples.set.fields.contains) {
      return found.filter { !$0.types.isEmpty }.map { Kind(identities: [$0], types: Set($0.types.keys)) }
    }
    var kinds = kinds(found.filter { $0.namesFlows(among: samples.events.count) })
    for place in kinds.indices {
      kinds[place].identities.sort {
        ($0.rank, $0.isOfParty ? 1 : 0, -$0.types.count, $0.name) < (
          $1.rank, $1.isOfParty ? 1 : 0, -$1.types.count, $1.name
        )
      }
    }
    return kinds
  }

  /// What one or two flows show, where more are not there.
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

  /// An id that adds nothing to those that are known is left out.
  private func join(_ candidate: IdentityCandidate, _ kind: inout Kind) {
    let mine = samples.events.filter { candidate.value(in: $0) != nil }
    let alone = mine.count { event in kind.identities.allSatisfy { $0.value(in: event) == nil } }
    guard 100 * alone > mine.count else { return }
    kind.identities.append(candidate)
    kind.types.formUnion(candidate.types.keys)
  }

  /// A key may be another id in each topic: it counts where nothing else does.
  private func kind(of candidate: IdentityCandidate, beside kinds: [Kind]) -> Kind? {
    let types = Set(candidate.types.keys)
    guard kinds.allSatisfy({ !candidate.isKey && types.subtracting($0.types).count > 1 }) else { return nil }
    return Kind(identities: [candidate], types: types)
  }

  /// Each of its values comes with many of the other's, and each of the other's with one of its: an order's customer, and not the order.
  private func isGroup(_ candidate: IdentityCandidate, of other: IdentityCandidate) -> Bool {
    let shared = Set(candidate.types.keys).intersection(other.types.keys)
    guard candidate.name != other.name, !other.isKey, shared.count > 1, 2 * shared.count >= candidate.types.count else {
      return false
    }
    let (pairs, mine, others) = pairs(candidate, other)
    return pairs > 1 && 10 * pairs <= 11 * others && 10 * pairs > 12 * mine
  }

  /// Several of its values occur with each value of the other id, and each of them in messages of other types or steps: a request and its reply
  /// in a saga of several.
  private func isPart(_ candidate: IdentityCandidate, of other: IdentityCandidate) -> Bool {
    guard candidate.name != other.name, !candidate.isKey, !other.isOfParty else { return false }
    var parts: [Int: [Int: Set<[Int]>]] = [:]
    for event in samples.events {
      guard let value = candidate.value(in: event), let whole = other.value(in: event) else { continue }
      parts[whole, default: [:]][value, default: []].insert([event.type, steps.value(of: event) ?? -1])
    }
    let several = parts.values.filter { $0.count > 1 }
    guard several.count > 2, 2 * several.count > parts.count else { return false }
    let apart = several.count { parts in parts.values.reduce(0) { $0 + $1.count } == Set(parts.values.joined()).count }
    return 10 * apart >= 9 * several.count
  }

  /// How many pairs of values there are in events that carry both, and how many values of each.
  private func pairs(_ one: IdentityCandidate, _ other: IdentityCandidate) -> (pairs: Int, one: Int, other: Int) {
    var pairs: Set<[Int]> = []
    var left: Set<Int> = []
    var right: Set<Int> = []
    for event in samples.events {
      guard let value = one.value(in: event), let otherValue = other.value(in: event) else { continue }
      pairs.insert([value, otherValue])
      left.insert(value)
      right.insert(otherValue)
    }
    return (pairs.count, left.count, right.count)
  }

  /// The one that most types carry first.
  private func order(_ candidate: IdentityCandidate) -> (Int, Int, Int, Int, String) {
    (
      candidate.isKey ? 2 : candidate.isOfParty ? 1 : 0, -candidate.types.count, candidate.rank,
      -candidate.typesOfValue.count, candidate.name
    )
  }

  /// Where both are carried, each value of the one comes with one value of the other.
  private func isSame(_ candidate: IdentityCandidate, _ kind: Kind) -> Bool {
    kind.identities.contains { known in
      let (pairs, one, other) = pairs(candidate, known)
      return pairs > 1 && 10 * pairs <= 11 * one && 10 * pairs <= 11 * other
    }
  }
}
