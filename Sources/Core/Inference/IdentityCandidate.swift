/// A field, with all paths that carry it, that may identify a saga, and the evidence for it.
struct IdentityCandidate {
  private(set) var name: String
  /// Indexes of the samples' fields; the shallowest first.
  private(set) var fields: [Int]
  /// Per event type: the number of events that carry it, and the distinct values, or pairs of value and step.
  private(set) var types: [Int: (count: Int, distinct: Set<[Int]>)] = [:]
  /// Event types that carry each value.
  private(set) var typesOfValue: [Int: Set<Int>] = [:]
  /// Values that identify nothing: nulls, zeros, and values of most messages.
  private(set) var ignored: Set<Int> = []
  /// Its name is typical for an id. Other fields count only if almost every message carries them.
  let isNamed: Bool
  /// Its values are words without digits, such as step names.
  private(set) var isOfWords = false

  init(name: String, fields: [Int], isNamed: Bool = true) {
    self.name = name
    self.fields = fields
    self.isNamed = isNamed
  }

  mutating func add(_ value: Int, type: Int, step: Int?) {
    types[type, default: (0, [])].count += 1
    types[type]?.distinct.insert(step.map { [value, $0] } ?? [value])
    typesOfValue[value, default: []].insert(type)
  }

  func value(in event: TypedSamples.Event) -> Int? {
    for field in fields {
      if let cell = event.cells.first(where: { $0.field == field }), !ignored.contains(cell.value) { return cell.value }
    }
    return nil
  }

  mutating func ignore(_ values: Set<Int>) { ignored.formUnion(values) }

  /// Adds the other's fields as fallbacks: both hold the same values.
  mutating func merge(_ other: Self) {
    if (other.isKey ? Int.max : other.rank, other.fields[0]) < (isKey ? Int.max : rank, fields[0]) { name = other.name }
    fields += other.fields
    ignored.formUnion(other.ignored)
  }

  /// Resets the counts.
  mutating func clear() { (types, typesOfValue) = ([:], [:]) }

  var count: Int { types.values.reduce(0) { $0 + $1.count } }

  /// The number of values shared by events of different types.
  var joined: Int { typesOfValue.values.count { $0.count > 1 } }

  /// Values occur in events of different types, mostly once per type: an order's id, but not its customer's.
  func namesFlows(among events: Int) -> Bool {
    guard types.count > 1, joined >= 2, 5 * joined >= typesOfValue.count else { return false }
    if !isNamed, 20 * count < 19 * events || 2 * joined < typesOfValue.count { return false }
    let single = types.values.count { $0.count < 3 || 5 * $0.distinct.count >= 3 * $0.count }
    // A party may do the same thing twice, so its id identifies a flow only if almost no value repeats.
    if isOfParty, !types.values.allSatisfy({ 10 * $0.distinct.count >= 9 * $0.count }) { return false }
    return 10 * single >= 7 * types.count || suffices(among: events)
  }

  /// With one or two flows the statistics prove nothing: the id must have a saga's usual name or that of the types' subject, and most
  /// events must carry it.
  func namesFew(_ samples: TypedSamples) -> Bool {
    guard types.count > 1, joined > 0, typesOfValue.count <= 10,
      5 * count > 3 * (samples.events.count - samples.set.unread), !isOfParty
    else {
      return false
    }
    if isKey { return count == samples.events.count && typesOfValue.keys.allSatisfy { isGUID(samples.set.values[$0]) } }
    return isNamed && (rank < Self.usual.count || isOfThing(samples))
  }

  private func isGUID(_ value: String) -> Bool { value.utf8.count == 36 && MessageID.canonical(value) != nil }

  /// The name's words occur in a type's name: "shipmentId" and "ShipmentSent".
  func isOfThing(_ samples: TypedSamples) -> Bool {
    let words = NameWords.split(name).filter { !["id", "uuid", "guid", "number", "ref", "reference"].contains($0) }
    return !words.isEmpty && types.keys.contains { Set(words).isSubset(of: samples.types[$0].name.words) }
  }

  /// Its name is typical for an id, and almost every message carries it. It may repeat within a type: replies on one topic repeat it once
  /// per step.
  private func suffices(among events: Int) -> Bool {
    let isShort = count <= 50 * typesOfValue.count
    return isNamed && !isKey && !isOfParty && !isOfWords && 20 * count >= 19 * events
      && 5 * joined >= 3 * typesOfValue.count && isShort
  }

  var isKey: Bool { name == "key" }

  /// Lower for more usual names.
  var rank: Int {
    let name = FieldName.normalized(name)
    if let rank = Self.usual.firstIndex(of: name) { return rank }
    if !isNamed { return Self.usual.count + 2 }
    return Self.usual.firstIndex { $0.count > 5 && name.hasSuffix($0) }.map { _ in Self.usual.count + 1 }
      ?? Self.usual.count
  }

  /// Its name is typical for a saga.
  var isOfSaga: Bool { rank < Self.usual.count - 1 }

  /// Its name is or ends with a usual name of a saga's id.
  var isUsual: Bool { Self.usual.dropLast().contains(where: FieldName.normalized(name).hasSuffix) }

  /// It identifies a refund, a return or a cancellation.
  var isOfUndoing: Bool {
    NameWords.split(name).contains { Vocabulary.standard[$0]?.kind == .undone || $0 == "return" }
  }

  /// It identifies a party or a product, which may have only one flow by chance.
  var isOfParty: Bool {
    let name = FieldName.normalized(name)
    let end = ["id", "uuid", "guid", "number"].first { name.hasSuffix($0) }
    let thing = name.dropLast(end?.count ?? 0)
    // A merchant's reference identifies the order, "productOrderId" an order and "rideRequestId" a request, not a party.
    guard !name.hasSuffix("reference"), !Self.deeds.contains(where: thing.hasSuffix) else { return false }
    return name == "uid" || Self.parties.contains(where: name.hasPrefix)
  }

  private static let deeds: Set<String> = [
    "order", "request", "transaction", "transfer", "booking", "reservation", "application", "claim", "case", "ticket",
    "purchase", "shipment", "onboarding", "registration", "saga", "workflow", "process",
  ]

  private static let parties = [
    "user", "customer", "client", "member", "account", "owner", "tenant", "requester", "addressee", "sender",
    "receiver",
    "recipient", "author", "buyer", "seller", "product", "item", "sku", "merchant", "restaurant", "store", "driver",
    "consumer",
    "rider", "passenger", "guest", "borrower", "applicant", "student", "payer", "payee", "beneficiary", "player",
    "device", "session", "vendor", "supplier", "employee", "patient", "hotel", "warehouse", "org", "company", "partner",
    "anonymous", "visitor", "visit", "browser",
  ]

  private static let usual = [
    "sagaid", "workflowid", "workflowinstanceid", "processinstanceid", "processinstancekey", "processid",
    "correlationid", "transactionid",
    "flowid",
    "executionid", "orchestrationid", "orderid",
  ]
}

extension IdentityCandidate {
  /// All fields that look like ids, with their values in the events; fields with the same values are one candidate. Candidates with fewer
  /// values than `least` are left out.
  static func all(of samples: TypedSamples, hints: [FieldSource], least: Int = 2) -> [IdentityCandidate] {
    let set = samples.set
    let hinted = hints.compactMap { set.fields.firstIndex(of: $0) }
    guard hinted.isEmpty else {
      return counted(
        [IdentityCandidate(name: FieldName.written(set.fields[hinted[0]].fields.last ?? .key), fields: hinted)], samples
      )
    }
    return merged(counted(named(in: samples), samples).filter { $0.typesOfValue.count >= least }, samples)
  }

  /// Like `all`, but with one candidate per field, with any number of values. Includes fields without a typical name if their values
  /// connect different types.
  static func each(of samples: TypedSamples) -> [IdentityCandidate] {
    let named = counted(named(in: samples), samples).filter { $0.count > 0 }
    let known = Set(named.flatMap(\.fields))
    let others = FieldTally.all(of: samples.set).enumerated().filter { field, tally in
      !known.contains(field) && tally.values.count >= 3 && 2 * tally.count >= 3 * tally.values.count
        && !OutcomeFinder.isOutcome(tally.source)
    }
    .sorted { $0.element.count != $1.element.count ? $0.element.count > $1.element.count : $0.offset < $1.offset }
    .prefix(30)
    return named
      + counted(
        others.map {
          IdentityCandidate(name: FieldName.written($0.element.source), fields: [$0.offset], isNamed: false)
        },
        samples
      )
      .filter { $0.joined >= 3 && 2 * $0.joined >= $0.typesOfValue.count }
  }

  private static func named(in samples: TypedSamples) -> [IdentityCandidate] {
    let set = samples.set
    let tallies = FieldTally.all(of: set)
    let ids = set.fields.indices.filter { isID(set.fields[$0]) }.sorted {
      FieldName.precedes(set.fields[$0], set.fields[$1])
    }
    let groups = Dictionary(grouping: ids) { group(of: set.fields[$0]) }
    var candidates = groups.sorted { $0.key < $1.key }.map { _, fields in
      IdentityCandidate(name: title(of: set.fields[fields[0]]), fields: fields)
    }
    candidates += set.fields.indices.filter { !ids.contains($0) && looksLikeID(tallies[$0], samples) }.map {
      IdentityCandidate(name: FieldName.written(set.fields[$0]), fields: [$0], isNamed: false)
    }
    for place in candidates.indices {
      let fields = candidates[place].fields
      candidates[place].ignore(meaningless(fields, tallies, set))
      candidates[place].isOfWords = fields.allSatisfy { field in
        tallies[field].values.keys.allSatisfy { !set.values[$0].contains(where: \.isNumber) }
      }
    }
    return candidates
  }

  private static func counted(_ candidates: [IdentityCandidate], _ samples: TypedSamples) -> [IdentityCandidate] {
    var candidates = candidates
    let steps = CarriedSteps(Set(samples.types.indices), in: samples)
    for event in samples.events {
      let step = steps.value(of: event)
      for index in candidates.indices {
        if let value = candidates[index].value(in: event) { candidates[index].add(value, type: event.type, step: step) }
      }
    }
    return candidates
  }

  /// A header and a member of the same name may be different ids; paths with the same name usually contain the same id.
  private static func group(of source: FieldSource) -> String {
    let name = FieldName.normalized(source)
    if case .header = source { return "header \(name)" }
    return name == "id" ? "id \(FieldName.depth(source)) \(FieldName.parent(source))" : name
  }

  /// "order_id" for `order.id`.
  private static func title(of source: FieldSource) -> String {
    let parent = FieldName.parent(source)
    return FieldName.normalized(source) == "id" && !parent.isEmpty ? "\(parent)_id" : FieldName.written(source)
  }

  /// Merges fields with the same values to one id, such as the ids of a command and of its reply, or a key and a member.
  private static func merged(_ candidates: [IdentityCandidate], _ samples: TypedSamples) -> [IdentityCandidate] {
    var result: [IdentityCandidate] = []
    var hasMerged = false
    for candidate in candidates.sorted(by: {
      ($0.isKey ? 1 : 0, -$0.count, $0.rank) < ($1.isKey ? 1 : 0, -$1.count, $1.rank)
    }) {
      if let place = result.indices.first(where: { isSame(result[$0], candidate, samples) }) {
        guard adds(candidate, to: result[place], among: candidates, samples) else {
          if candidate.rank < result[place].rank, !candidate.isKey { result.append(candidate) }
          continue
        }
        result[place].merge(candidate)
        hasMerged = true
      } else {
        result.append(candidate)
      }
    }
    guard hasMerged else { return result }
    for place in result.indices { result[place].clear() }
    return counted(result, samples)
  }

  private static func isSame(_ one: IdentityCandidate, _ other: IdentityCandidate, _ samples: TypedSamples) -> Bool {
    let (mine, others) = (Set(one.typesOfValue.keys), Set(other.typesOfValue.keys))
    let shared = mine.intersection(others).count
    guard 10 * shared >= 8 * min(mine.count, others.count), 2 * shared >= max(mine.count, others.count) else {
      return false
    }
    var (both, same) = (0, 0)
    for event in samples.events {
      guard let value = one.value(in: event), let otherValue = other.value(in: event) else { continue }
      both += 1
      if value == otherValue { same += 1 }
    }
    // Counters starting at one have equal values in fields that never occur in the same event.
    if both == 0 { return mine.allSatisfy { samples.set.values[$0].utf8.count >= 8 } }
    return 20 * same >= 19 * both
  }

  /// Whether the candidate occurs in events without `known`, with values of `known`. A key that often equals another id in these events
  /// adds nothing.
  private static func adds(
    _ candidate: IdentityCandidate, to known: IdentityCandidate, among all: [IdentityCandidate], _ samples: TypedSamples
  ) -> Bool {
    let others = all.filter { $0.fields != candidate.fields && $0.fields != known.fields }
    var (alone, shared, foreign) = (0, 0, 0)
    for event in samples.events where known.value(in: event) == nil {
      guard let value = candidate.value(in: event) else { continue }
      alone += 1
      if known.typesOfValue[value] != nil { shared += 1 }
      if candidate.isKey, others.contains(where: { $0.value(in: event) == value }) { foreign += 1 }
    }
    return 100 * alone > samples.events.count && 20 * shared >= 19 * alone && 10 * foreign <= alone
  }

  static func isID(_ source: FieldSource) -> Bool {
    if case .template = source { return false }
    let name = FieldName.normalized(source)
    let isOther =
      [
        "eventid", "messageid", "typeid", "traceid", "spanid", "nodeid", "instanceid", "msgid", "requestid", "schemaid",
        "ceid",
        "execinstanceid", "causationid", "parentid", "partitionid", "workerid", "hostid", "threadid",
      ].contains { name == $0 || (name.hasSuffix($0) && $0.count > 6) }
    let isCalled = [
      "id", "uuid", "guid", "uid", "arn", "number", "ref", "reference", "sagakey", "businesskey", "correlationkey",
      "instancekey",
    ]
    .contains(where: name.hasSuffix)
    return !isOther && (source == .key || isCalled || name == "cesubject" || name == "subject")
  }

  /// Any field in almost every message with values typical of ids: many, with digits, each in several messages.
  private static func looksLikeID(_ tally: FieldTally, _ samples: TypedSamples) -> Bool {
    let set = samples.set
    guard 20 * tally.count >= 19 * set.count, tally.values.count >= 3, 2 * tally.count >= 3 * tally.values.count else {
      return false
    }
    let name = FieldName.normalized(tally.source)
    if ["time", "date", "stamp", "at", "timestamp", "type", "version", "amount", "total", "price"].contains(
      where: name.hasSuffix)
    {
      return false
    }
    return tally.values.keys.allSatisfy { value in
      let text = set.values[value]
      return text.isEmpty
        || (text.utf8.count >= 4 && text.contains(where: \.isNumber) && TimestampParser.parse(text) == nil)
    }
  }

  /// Values that identify nothing: "0", "null" and similar, and values of most messages.
  private static func meaningless(_ fields: [Int], _ tallies: [FieldTally], _ set: SampleSet) -> Set<Int> {
    var found: Set<Int> = []
    for field in fields {
      let tally = tallies[field]
      for (value, count) in tally.values {
        let isFrequent = tally.values.count > 2 && tally.count >= 12 && 2 * count > tally.count
        if isFrequent || nothing.contains(set.values[value].lowercased()) { found.insert(value) }
      }
    }
    return found
  }

  private static let nothing: Set<String> = [
    "", "0", "null", "nil", "none", "undefined", "n/a", "-", "-1", "unknown", "00000000-0000-0000-0000-000000000000",
    "nan",
  ]
}
