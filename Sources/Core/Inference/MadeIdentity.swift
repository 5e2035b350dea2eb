/// Two members that identify a saga together if its own id is missing: sender and recipient, if the answer has id 0.
struct ComposedIdentity {
  private let samples: TypedSamples
  private let kind: IdentityFinder.Kind
  /// Events with an id, and events whose ids are empty.
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

  /// The number of events without an id; 0 if it is negligible.
  var lostCount: Int { lost.count >= 3 && 50 * lost.count >= known.count ? lost.count : 0 }

  /// `nil` if no pair of members identifies the saga of most of these events.
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

  /// Fields with an id's name that are in almost all events without an id.
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

  /// The number of events without an id whose pair of values also occurs with an id; `nil` if one id has several pairs, or if most pairs
  /// belong to several ids.
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

/// An id that is unique only per tenant: the same order number occurs with two beginnings.
struct ScopedIdentity {
  let kind: IdentityFinder.Kind
  let samples: TypedSamples

  /// `nil` if each id is one saga.
  var source: FieldSource? {
    guard let id = kind.identities.first, let field = id.fields.first, !id.isKey else { return nil }
    let scope = samples.set.fields.indices.first { place in
      Self.names.contains(FieldName.normalized(samples.set.fields[place])) && !id.fields.contains(place)
        && divides(place, id)
    }
    return scope.map { .template([.field(samples.set.fields[$0]), .text("/"), .field(samples.set.fields[field])]) }
  }

  /// Almost all events carry it, and at least 10% of the ids occur in events of the same type with several of its values.
  private func divides(_ scope: Int, _ id: IdentityCandidate) -> Bool {
    var (all, both) = (0, 0)
    var types: [Int: [Int: Set<Int>]] = [:]
    for event in samples.events {
      guard let value = id.value(in: event) else { continue }
      all += 1
      guard let cell = event.cells.first(where: { $0.field == scope }) else { continue }
      both += 1
      types[value, default: [:]][cell.value, default: []].insert(event.type)
    }
    let several = types.values.count { scopes in
      let lists = Array(scopes.values)
      return lists.indices.contains { place in
        lists[(place + 1)...].contains { !$0.isDisjoint(with: lists[place]) }
      }
    }
    return 10 * both >= 9 * all && several > 0 && 10 * several >= types.count
  }

  private static let names: Set<String> = [
    "tenant", "tenantid", "tenantname", "mandant", "mandantid", "org", "orgid", "organization", "organizationid",
    "organisation", "organisationid", "company", "companyid", "shop", "shopid", "store", "storeid", "region", "country",
    "market", "brand", "realm", "namespace", "workspace", "workspaceid",
  ]
}

/// Ids composed of several members, if a kind of saga needs them.
struct MadeIdentity {
  private let composed: ComposedIdentity
  private let pair: FieldSource?
  private let scoped: FieldSource?

  init(_ kind: IdentityFinder.Kind, in samples: TypedSamples) {
    composed = ComposedIdentity(kind, in: samples)
    scoped = ScopedIdentity(kind: kind, samples: samples).source
    pair = scoped == nil ? composed.source : nil
  }

  var sources: [FieldSource] { [pair, scoped].compactMap(\.self) }

  /// Removes kinds that are only a participant of another saga.
  static func whole(_ kinds: [IdentityFinder.Kind], _ samples: TypedSamples) -> [IdentityFinder.Kind] {
    let parts = Set(kinds.compactMap(\.composed).flatMap(\.fields).flatMap { samples.set.fields[$0].fields })
    return kinds.filter { kind in
      kind.composed != nil || !kind.identities.flatMap(\.fields).contains { parts.contains(samples.set.fields[$0]) }
    }
  }

  fileprivate func complete(_ kind: inout IdentityFinder.Kind, in samples: TypedSamples) {
    kind.lost = composed.lostCount
    if let scoped, let id = kind.identities.first, let candidate = candidate(scoped, id.name, samples) {
      (kind.identities, kind.types) = ([candidate], Set(candidate.types.keys))
    }
    guard let pair else { return }
    kind.composed = candidate(pair, pair.fields.map(FieldName.written).joined(separator: "+"), samples)
    kind.types.formUnion(kind.composed?.types.keys.map(\.self) ?? [])
    kind.lost = 0
  }

  private func candidate(_ source: FieldSource, _ name: String, _ samples: TypedSamples) -> IdentityCandidate? {
    guard let field = samples.set.fields.firstIndex(of: source) else { return nil }
    var candidate = IdentityCandidate(name: name, fields: [field])
    for event in samples.events {
      if let value = candidate.value(in: event) { candidate.add(value, type: event.type, step: nil) }
    }
    return candidate
  }
}

extension IdentityFinder.Kind {
  /// A copy with the composed ids.
  func made(by identity: MadeIdentity, in samples: TypedSamples) -> Self {
    var kind = self
    identity.complete(&kind, in: samples)
    return kind
  }
}
