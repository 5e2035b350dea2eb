/// Where messages carry their type: a field or the topic, optionally with an outcome field.
struct TypeSource: Hashable {
  /// `nil` for the topic's name.
  var field: FieldSource?
  /// Its value follows the type's: "payment.reply FAILURE".
  var outcome: FieldSource?

  init(field: FieldSource? = nil, outcome: FieldSource? = nil) {
    self.field = field
    self.outcome = outcome
  }

  /// A configured source; the first field of a template is the type, the second the outcome.
  init(_ source: FieldSource) {
    let fields = source.fields
    self.init(field: fields.first == .topic ? nil : fields.first, outcome: fields.count > 1 ? fields[1] : nil)
  }

  var source: FieldSource {
    let name = field ?? .topic
    guard let outcome else { return name }
    return .template([.field(name), .text(" "), .field(outcome)])
  }
}

/// Finds the type field: it has few distinct values that look like event names.
struct TypeFinder {
  private struct Candidate {
    var source: FieldSource
    var rank: Int
    var count: Int
    var place: Int
  }

  let set: SampleSet
  let tallies: [FieldTally]
  let vocabulary: Vocabulary

  /// In order of preference; empty if the topic's name is the type.
  func fields() -> [FieldSource] {
    let found = candidates.sorted(by: precedes)
    guard let best = found.first else { return [] }
    // Fields with other names are types only in messages without the best field.
    let fields = found.filter { $0.rank < Self.unnamed || $0.source == best.source }
    let used = adding(fields)
    return isToldByTopic(used) ? [] : used
  }

  /// Selects a candidate only if some message carries it and none of the previous ones.
  private func adding(_ candidates: [Candidate]) -> [FieldSource] {
    var isTyped = [Bool](repeating: false, count: set.count)
    var used: [FieldSource] = []
    for candidate in candidates {
      var added = 0
      for (place, sample) in set.samples.enumerated() where !isTyped[place] {
        guard set.value(of: [candidate.place], in: sample) != nil else { continue }
        isTyped[place] = true
        added += 1
      }
      if added > 0 { used.append(candidate.source) }
    }
    return used
  }

  private var candidates: [Candidate] {
    tallies.enumerated().compactMap { place, tally in
      // A field with the same value in every message does not distinguish types.
      guard FieldName.depth(tally.source) <= 4, tally.values.count > 1 || tally.count < set.count || set.count < 4,
        let rank = rank(tally)
      else { return nil }
      return Candidate(source: tally.source, rank: rank, count: tally.count, place: place)
    }
  }

  private static let unnamed = 1000

  func eventShare(_ tally: FieldTally) -> Double {
    share(of: tally) { EventName($0, vocabulary: vocabulary).isEventLike }
  }

  /// Lower for names more usual for a type; `nil` for other names.
  func namedRank(_ source: FieldSource) -> Int? {
    guard source != .key else { return nil }
    let name = FieldName.normalized(source)
    return Self.names.firstIndex(of: name)
      ?? Self.names.firstIndex { $0.count > 6 && name.hasSuffix($0) }.map { $0 + 100 }
  }

  private func rank(_ tally: FieldTally) -> Int? {
    guard tally.values.count <= 300, 5 * tally.count >= set.count, !isOfError(tally.source) else { return nil }
    let named = namedRank(tally.source)
    let share = eventShare(tally)
    if let named, named < 100, share <= 0.6, share > 0.2 || !topicsTell, isOfNames(tally) { return named + 500 }
    guard share > (named == nil ? 0.9 : 0.6) else { return nil }
    if let named { return named }
    return isPartition(tally) && !OutcomeFinder.isOutcome(tally.source) ? Self.unnamed : nil
  }

  /// Most topics have event names.
  private var topicsTell: Bool {
    2 * set.topics.count { EventName($0, vocabulary: vocabulary).isEventLike } > set.topics.count
  }

  /// Its few values are names, although of unknown words, and each occurs in several messages.
  private func isOfNames(_ tally: FieldTally) -> Bool {
    let isName = { (text: String) in
      text.utf8.count >= 4 && text.utf8.count <= 100 && text.count(where: \.isLetter) * 2 > text.count
    }
    return tally.values.count >= 3 && tally.count >= 2 * tally.values.count && share(of: tally, isName) > 0.9
  }

  /// `error.name` is the type of a failure.
  private func isOfError(_ source: FieldSource) -> Bool {
    guard case .path(let names) = source else { return false }
    return names.contains { ["error", "exception", "cause"].contains(FieldName.normalized($0)) }
  }

  /// Its few values, mostly of several words, occur in many messages.
  private func isPartition(_ tally: FieldTally) -> Bool {
    let long = share(of: tally) { EventName($0, vocabulary: vocabulary).words.count > 1 }
    return tally.values.count >= 3 && tally.count >= 2 * tally.values.count && 10 * tally.count >= 9 * set.count
      && long > 0.6
  }

  private func share(of tally: FieldTally, _ passes: (String) -> Bool) -> Double {
    let passed = tally.values.reduce(0) { $0 + (passes(set.values[$1.key]) ? $1.value : 0) }
    return tally.count == 0 ? 0 : Double(passed) / Double(tally.count)
  }

  private func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
    if left.rank != right.rank { return left.rank < right.rank }
    if left.rank == Self.unnamed, left.count != right.count { return left.count > right.count }
    return FieldName.precedes(left.source, right.source)
  }

  /// Each topic holds a single type and has an event name, so users know the type by the topic's name. Dead letters keep their original
  /// type.
  private func isToldByTopic(_ sources: [FieldSource]) -> Bool {
    let fields = sources.compactMap { set.fields.firstIndex(of: $0) }
    var types: [Int: Set<String>] = [:]
    for sample in set.samples where !DeadLetterTopic.isName(set.topics[sample.topic]) {
      types[sample.topic, default: []].insert(set.value(of: fields, in: sample) ?? "")
    }
    let isOneToOne =
      types.values.allSatisfy { $0.count == 1 }
      && types.values.reduce(into: Set()) { $0.formUnion($1) }.count == types.count
    let isEventLike = { (topic: Int) in EventName(set.topics[topic], vocabulary: vocabulary).isEventLike }
    return isOneToOne && 10 * types.keys.count(where: isEventLike) >= 7 * types.count
  }

  private static let names = [
    "eventtype", "cetype", "messagetype", "messagetypes", "msgtype", "commandtype", "eventname", "messagename",
    "msgname",
    "detailtype", "eventcode", "notificationtype", "type", "event", "kind", "typeid", "pattern", "action", "name",
    "operation", "command", "routingkey",
    "subject",
    "tipo", "typ", "vorgang", "evento", "evenement", "ereignis", "tipoevento", "typeevenement", "ereignistyp",
    "commandreplytype", "replytype", "activity", "op", "verb", "what", "trigger",
  ]
}

/// Finds outcome fields and the types that they divide: a reply with a status.
struct OutcomeFinder {
  let set: SampleSet
  let vocabulary: Vocabulary

  static func isOutcome(_ source: FieldSource) -> Bool {
    guard source != .key else { return false }
    let name = FieldName.normalized(source)
    if earlier.contains(where: name.hasPrefix) { return false }
    if codes.contains(where: name.hasSuffix) || exitCodes.contains(name) { return true }
    if name.contains("http") { return false }
    return names.contains(name) || suffixes.contains { name.count > $0.count && name.hasSuffix($0) }
  }

  /// The meaning of a number in such a field (an HTTP status or an exit code); text is unchanged.
  static func word(for value: String, in source: FieldSource) -> String {
    let name = FieldName.normalized(source)
    if truths.contains(name), let truth = truth(value) { return truth ? "success" : "failure" }
    guard let number = Int(value) else { return value }
    if exitCodes.contains(name) { return number == 0 ? "success" : "failure" }
    guard codes.contains(where: name.hasSuffix) || name == "status" || name == "code" else { return value }
    switch number {
    case 200...299: return "success"
    case 400...599: return "failure"
    default: return value
    }
  }

  /// Type sources with an outcome before those without.
  func sources(of types: [FieldSource]) -> [TypeSource] {
    let plain = types.map { TypeSource(field: $0) } + (types.count == 1 || types.isEmpty ? [TypeSource()] : [])
    let outcomes = set.fields.indices.filter { Self.isOutcome(set.fields[$0]) }.sorted { precedes($0, $1) }
    guard !outcomes.isEmpty else { return types.map { TypeSource(field: $0) } }
    var found: [TypeSource] = []
    for source in plain {
      for outcome in outcomes where divides(outcome, source, types) {
        found.append(TypeSource(field: source.field, outcome: set.fields[outcome]))
      }
    }
    return found + types.map { TypeSource(field: $0) }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (set.fields[left], set.fields[right])
    let (rank, otherRank) = (Self.rank(one), Self.rank(other))
    return rank != otherRank ? rank < otherRank : FieldName.precedes(one, other)
  }

  private static func rank(_ source: FieldSource) -> Int {
    names.firstIndex(of: FieldName.normalized(source)) ?? names.count
  }

  /// Messages of one type have different outcomes in the field.
  private func divides(_ outcome: Int, _ source: TypeSource, _ types: [FieldSource]) -> Bool {
    let field = source.field.flatMap { set.fields.firstIndex(of: $0) }
    let others = types.compactMap { set.fields.firstIndex(of: $0) }
    var values: [String: Set<Int>] = [:]
    for sample in set.samples {
      guard let cell = sample.cells.first(where: { $0.field == outcome }) else { continue }
      guard let type = name(field, others, sample) else { continue }
      values[type, default: []].insert(cell.value)
    }
    return values.contains { type, values in tellsApart(type, values, set.fields[outcome]) }
  }

  private func name(_ field: Int?, _ others: [Int], _ sample: SampleSet.Sample) -> String? {
    guard let field else { return set.value(of: others, in: sample) == nil ? set.topics[sample.topic] : nil }
    return set.value(of: [field], in: sample)
  }

  private func tellsApart(_ type: String, _ values: Set<Int>, _ outcome: FieldSource) -> Bool {
    guard values.count > 1, values.count <= 20 else { return false }
    let words = values.map { Self.word(for: set.values[$0], in: outcome) }
    let all = words.map { EventName($0, vocabulary: vocabulary).meaning }
    let meanings = Set(all.compactMap(\.self))
    let bad: Set<EventName.Meaning> = [.fails, .compensates, .compensating, .compensationFails]
    let isMixed = !meanings.isDisjoint(with: bad) && all.contains { $0.map { !bad.contains($0) } ?? true }
    return isMixed
      || (EventName(type, vocabulary: vocabulary).meaning.map { $0 == .tells } ?? true) && meanings.count > 1
  }

  private static let names = [
    "status", "outcome", "outcometype", "result", "state", "success", "succeeded", "issuccess", "successful", "ok",
    "newstatus",
    "newstate", "currentstatus", "currentstate", "tostatus", "tostate", "decision", "verdict", "approved", "accepted",
    "isvalid",
    "resultado", "estado", "situacao", "statut", "etat", "stato", "esito", "ergebnis", "zustand", "resultat",
    "uitkomst",
    "valid", "code", "grpcstatus", "conclusion", "resolution", "disposition", "resultcode", "phase", "completionstatus",
  ]
  /// Truth of a value such as "Y" or "0" in a boolean member; `nil` if it is neither.
  private static func truth(_ value: String) -> Bool? {
    switch value.lowercased() {
    case "y", "j", "s", "t", "1": true
    case "n", "f", "0": false
    default: nil
    }
  }

  private static let truths: Set<String> = [
    "success", "succeeded", "issuccess", "successful", "issuccessful", "ok", "isok", "approved", "isapproved",
    "accepted",
    "isaccepted", "isvalid", "valid",
  ]
  private static let codes = ["statuscode", "httpstatus", "responsecode"]
  private static let exitCodes: Set<String> = ["exitcode", "returncode", "exitstatus", "returnvalue"]
  private static let suffixes = ["status", "outcome", "outcometype", "result", "state", "success", "decision"]
  private static let earlier = [
    "previous", "prev", "old", "from", "prior", "before", "last", "health", "node", "server",
  ]
}
