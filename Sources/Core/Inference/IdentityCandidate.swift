/// A field, by whichever paths it is carried, that may name a saga: what speaks for it.
struct IdentityCandidate {
  let name: String
  /// Positions in the samples' fields; the shallowest first.
  let fields: [Int]
  /// Per event type: how many events carry it, and with how many different values. Of a saga's steps each is another.
  private(set) var types: [Int: (count: Int, distinct: Set<[Int]>)] = [:]
  /// Per value the event types that carry it.
  private(set) var typesOfValue: [Int: Set<Int>] = [:]

  init(name: String, fields: [Int]) {
    self.name = name
    self.fields = fields
  }

  mutating func add(_ value: Int, type: Int, step: Int?) {
    types[type, default: (0, [])].count += 1
    types[type]?.distinct.insert(step.map { [value, $0] } ?? [value])
    typesOfValue[value, default: []].insert(type)
  }

  func value(in event: TypedSamples.Event) -> Int? {
    for field in fields {
      if let cell = event.cells.first(where: { $0.field == field }) { return cell.value }
    }
    return nil
  }

  /// Values that tie events of different types together.
  var joined: Int { typesOfValue.values.count { $0.count > 1 } }

  /// Shared by events of different types, and mostly by one event of each: an order's id, and not its customer's.
  var namesFlows: Bool {
    let single = types.values.count { $0.count < 3 || 5 * $0.distinct.count >= 3 * $0.count }
    // Who does something once may do it twice: only what nobody ever does twice is a flow of somebody's.
    if isOfParty, !types.values.allSatisfy({ 10 * $0.distinct.count >= 9 * $0.count }) { return false }
    return types.count > 1 && joined >= 2 && 5 * joined >= typesOfValue.count && 10 * single >= 7 * types.count
  }

  var isKey: Bool { name == "key" }

  /// The usual names first.
  var rank: Int { Self.usual.firstIndex(of: FieldName.normalized(name)) ?? Self.usual.count }

  /// It names somebody, or something that is dealt in, whom one flow out of few may well be the only one of.
  var isOfParty: Bool { Self.parties.contains { FieldName.normalized(name).hasPrefix($0) } }

  private static let parties = [
    "user", "customer", "client", "member", "account", "owner", "tenant", "requester", "addressee", "sender",
    "receiver",
    "recipient", "author", "buyer", "seller", "product", "item", "sku",
  ]

  private static let usual = ["sagaid", "correlationid", "workflowid", "processid", "transactionid", "orderid"]

  /// All fields that look like ids, with what the events hold in them.
  static func all(of samples: TypedSamples) -> [IdentityCandidate] {
    let set = samples.set
    let ids = set.fields.indices.filter { isID(set.fields[$0]) }.sorted {
      FieldName.precedes(set.fields[$0], set.fields[$1])
    }
    let groups = Dictionary(grouping: ids) { FieldName.normalized(set.fields[$0]) }
    var candidates = groups.sorted { $0.key < $1.key }.map { _, fields in
      IdentityCandidate(name: FieldName.written(set.fields[fields[0]]), fields: fields)
    }
    let steps = CarriedSteps(Set(samples.types.indices), in: samples)
    for event in samples.events {
      let step = steps.value(of: event)
      for index in candidates.indices {
        if let value = candidates[index].value(in: event) { candidates[index].add(value, type: event.type, step: step) }
      }
    }
    return candidates
  }

  private static func isID(_ source: FieldSource) -> Bool {
    let name = FieldName.normalized(source)
    let isOther = ["eventid", "messageid", "typeid", "traceid", "spanid", "nodeid", "instanceid"].contains(name)
    return !isOther
      && (source == .key || name.hasSuffix("id") || name.hasSuffix("uuid") || name.hasSuffix("number")
        || name == "cesubject")
  }
}
