/// Two members that name a saga together where its own id is lost: who asked whom, where the answer has id 0.
struct ComposedIdentity {
  private let samples: TypedSamples
  private let kind: IdentityFinder.Kind
  /// Events that an id names, and those in which ids name nothing.
  private let known: [Int]
  private let lost: [Int]

  init(_ kind: IdentityFinder.Kind, in samples: TypedSamples) {
    (self.samples, self.kind) = (samples, kind)
    var (known, lost): ([Int], [Int]) = ([], [])
    for (place, event) in samples.events.enumerated() {
      if kind.identities.contains(where: { $0.value(in: event) != nil }) {
        known.append(place)
      } else if kind.identities.contains(where: { identity in
        event.cells.contains { identity.fields.contains($0.field) && identity.ignored.contains($0.value) }
      }) {
        lost.append(place)
      }
    }
    (self.known, self.lost) = (known, lost)
  }

  /// So many that it counts.
  var lostCount: Int { lost.count >= 3 && 50 * lost.count >= known.count ? lost.count : 0 }

  /// `nil` where no two members tell which saga most of the lost events are of.
  var source: FieldSource? {
    guard lostCount > 0 else { return nil }
    let fields = fields
    var best: (source: FieldSource, found: Int)?
    for (place, one) in fields.enumerated() {
      for other in fields[(place + 1)...] {
        guard let found = found(one, other), found > best?.found ?? 0 else { continue }
        best = (template(one, other), found)
      }
    }
    return best?.source
  }

  private func template(_ one: Int, _ other: Int) -> FieldSource {
    .template([.field(samples.set.fields[one]), .text("-"), .field(samples.set.fields[other])])
  }

  /// Called like ids, and in almost all events that were lost.
  private var fields: [Int] {
    let own = Set(kind.identities.flatMap(\.fields))
    var counts: [Int: Int] = [:]
    for event in lost { for cell in samples.events[event].cells { counts[cell.field, default: 0] += 1 } }
    return counts.keys.filter { field in
      let source = samples.set.fields[field]
      return 20 * (counts[field] ?? 0) >= 19 * lost.count && !own.contains(field) && source != .key
        && IdentityCandidate.isID(source)
    }
    .sorted().prefix(8).map(\.self)
  }

  /// How many of the lost events have a pair of values that stood beside an id; `nil` where an id has several pairs, or where pairs are
  /// mostly those of several ids.
  private func found(_ one: Int, _ other: Int) -> Int? {
    var pairsOfID: [Int: Set<[Int]>] = [:]
    var idsOfPair: [[Int]: Set<Int>] = [:]
    for event in known.map({ samples.events[$0] }) {
      guard let pair = pair(one, other, event), let id = kind.identities.lazy.compactMap({ $0.value(in: event) }).first
      else { continue }
      pairsOfID[id, default: []].insert(pair)
      idsOfPair[pair, default: []].insert(id)
    }
    guard pairsOfID.count >= 3, 50 * pairsOfID.values.count(where: { $0.count > 1 }) <= pairsOfID.count,
      10 * idsOfPair.count >= 6 * pairsOfID.count
    else { return nil }
    let found = lost.count { event in
      pair(one, other, samples.events[event]).map { idsOfPair[$0] != nil } ?? false
    }
    return 10 * found >= 6 * lost.count ? found : nil
  }

  private func pair(_ one: Int, _ other: Int, _ event: TypedSamples.Event) -> [Int]? {
    guard let first = event.cells.first(where: { $0.field == one }),
      let second = event.cells.first(where: { $0.field == other })
    else { return nil }
    return [first.value, second.value]
  }
}
