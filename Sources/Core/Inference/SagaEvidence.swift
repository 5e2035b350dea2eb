/// The evidence that flows are sagas: several participants, or steps of different subjects, work together on one business object. The
/// lifecycle of one resource of one program, such as a connection, is not a saga, whatever its names are.
struct SagaEvidence {
  struct Sign {
    /// Without a full stop.
    var text: String
    /// Negative for evidence against sagas.
    var points: Int
  }

  /// The strongest first.
  let signs: [Sign]

  /// Flows with fewer points are not shown as sagas. A single word or a failure is never enough.
  static let enough = 4

  var points: Int { signs.reduce(0) { $0 + $1.points } }
  var isProven: Bool { points >= Self.enough }

  /// "5 of the 4 points that a saga needs: an id or an event type is named after a saga (4), events about 2 subjects (1)".
  var text: String {
    let all = signs.map { "\($0.text) (\($0.points))" }.joined(separator: ", ")
    return
      "\(points) of the \(Self.enough) points that a saga needs: \(all.isEmpty ? "only one subject and one participant" : all)"
  }

  init(_ kind: IdentityFinder.Kind, _ flows: [Flow], _ carried: CarriedSteps, in samples: TypedSamples) {
    let tied = flows.filter { flow in Set(flow.events.map { samples.events[$0].type }).count > 1 }
    let signs = Self.ofMessages(kind, tied, carried, samples) + Self.ofNames(kind, samples)
    self.signs = signs.filter { $0.points != 0 }.enumerated().sorted {
      ($1.element.points, $0.offset) < ($0.element.points, $1.offset)
    }.map(\.element)
  }

  private static func ofMessages(
    _ kind: IdentityFinder.Kind, _ flows: [Flow], _ carried: CarriedSteps, _ samples: TypedSamples
  ) -> [Sign] {
    let events = flows.flatMap(\.events).map { samples.events[$0] }
    let participants = Participants(events, in: samples)
    let objects = handedOn(kind, events, samples)
    let subjects = Subjects(kind.types.map { samples.types[$0] }).apart.count
    return [
      Sign(text: "a completed step is undone after another step failed", points: undoes(flows, samples) ? 4 : 0),
      Sign(text: "the messages name the steps", points: namesSteps(flows, carried, samples) ? 3 : 0),
      Sign(
        text: "several programs send the event types: \(participants.list)",
        points: participants.producers.count > 1 ? min(participants.producers.count + 1, 4) : 0),
      Sign(text: "events in \(participants.topics) topics", points: max(0, min(participants.topics, subjects, 3) - 1)),
      Sign(
        text: "ids of several parties: \(participants.roles.joined(separator: ", "))",
        points: participants.roles.count > 1 ? 1 : 0),
      Sign(
        text: "some events add ids of other objects: \(objects.joined(separator: ", "))",
        points: objects.isEmpty ? 0 : 1),
      Sign(text: "the event types have no usual order", points: hasOrder(flows, samples) ? 0 : -2),
    ]
  }

  private static func ofNames(_ kind: IdentityFinder.Kind, _ samples: TypedSamples) -> [Sign] {
    let types = kind.types.map { samples.types[$0] }
    let words = TradeWords(types, ids: kind.identities.map(\.name))
    let subjects = Subjects(types)
    return [
      Sign(text: "an id or an event type is named after a saga", points: isCalledSaga(kind, types) ? 4 : 0),
      Sign(text: "words of trade or contract: \(words.trades.joined(separator: ", "))", points: words.tradePoints),
      Sign(text: "words of a commitment: \(words.commitments.joined(separator: ", "))", points: words.commitmentPoints),
      Sign(
        text: words.isAnswered ? "an event is a request, and another event accepts it" : "an event is a request",
        points: words.isAnswered ? 2 : words.isRequested ? 1 : 0),
      Sign(text: "events about \(subjects.apart.count) subjects", points: subjects.apart.count > 1 ? 1 : 0),
      Sign(
        text: "an event reports a failure",
        points: types.contains { [.fails, .compensationFails].contains($0.meaning) || $0.failing != nil } ? 1 : 0),
      Sign(
        text: "an event reports a compensation",
        points: types.contains { [.compensates, .compensating].contains($0.meaning) } ? 1 : 0),
      Sign(
        text: "the id has a usual name of a saga's id",
        points: words.namesID || kind.identities.contains { $0.isUsual || $0.isOfUndoing } ? 1 : 0),
      Sign(text: "the id is that of a user, device or other party", points: kind.identities[0].isOfParty ? -1 : 0),
    ]
  }

  /// Types or ids have the name of a saga. An execution is one only if the types are about the execution, not about a job or a query.
  private static func isCalledSaga(_ kind: IdentityFinder.Kind, _ types: [EventType]) -> Bool {
    let ids = Set(kind.identities.flatMap { NameWords.split($0.name) })
    let nouns = types.map { Set($0.name.noun.split(separator: "-").map(String.init)) }
    if !ids.isDisjoint(with: sagas) || nouns.contains(where: { !$0.isDisjoint(with: sagas) }) { return true }
    if ids.isSuperset(of: ["process", "instance"]) { return true }
    let areStates = types.allSatisfy { type in type.name.noun.isEmpty || type.written.allSatisfy { $0.contains(" ") } }
    return ids.contains("execution") && (areStates || nouns.contains { $0.contains("execution") })
  }

  private static let sagas: Set<String> = ["saga", "sagas", "workflow", "orchestration", "lra"]

  /// At least half of the flows name several steps.
  private static func namesSteps(_ flows: [Flow], _ carried: CarriedSteps, _ samples: TypedSamples) -> Bool {
    guard !carried.isEmpty else { return false }
    let several = flows.count { flow in
      Set(flow.events.compactMap { carried.value(of: samples.events[$0]) }).count > 1
    }
    return several > 0 && 2 * several >= flows.count
  }

  /// In some flow, a completed step is undone after a step of another subject failed.
  private static func undoes(_ flows: [Flow], _ samples: TypedSamples) -> Bool {
    flows.contains { flow in
      var (done, failed): (Set<String>, Set<String>) = ([], [])
      for type in flow.events.map({ samples.types[samples.events[$0].type] }) where !type.name.subject.isEmpty {
        let subject = type.name.subject
        switch type.meaning {
        case .completes: done.insert(subject)
        case .fails: failed.insert(subject)
        case .compensates: if done.contains(subject), failed.contains(where: { $0 != subject }) { return true }
        case .begins, .compensating, .compensationFails, .tells, .halts, nil: break
        }
      }
      return false
    }
  }

  /// Of two types of a flow, mostly the same one comes first. Click-streams have no such order.
  private static func hasOrder(_ flows: [Flow], _ samples: TypedSamples) -> Bool {
    var orders: [[Int]: Int] = [:]
    for flow in flows.prefix(2000) {
      var seen: [Int] = []
      for type in flow.events.map({ samples.events[$0].type }) where !seen.contains(type) && seen.count < 30 {
        for earlier in seen { orders[[earlier, type], default: 0] += 1 }
        seen.append(type)
      }
    }
    let all = orders.values.reduce(0, +)
    let usual = orders.reduce(0) { sum, pair in
      let other = orders[[pair.key[1], pair.key[0]]] ?? 0
      return pair.value > other || (pair.value == other && pair.key[0] < pair.key[1]) ? sum + pair.value : sum
    }
    return 10 * usual >= 8 * all
  }

  /// Names of ids that only some types carry, one of which is named after it: "paymentId" in "PaymentTaken".
  private static func handedOn(
    _ kind: IdentityFinder.Kind, _ events: [TypedSamples.Event], _ samples: TypedSamples
  ) -> [String] {
    let own = Set(kind.identities.flatMap(\.fields))
    var found: [Int: (types: Set<Int>, values: Set<Int>, count: Int)] = [:]
    for event in events {
      for cell in event.cells where !own.contains(cell.field) && IdentityCandidate.isID(samples.set.fields[cell.field])
      {
        found[cell.field, default: ([], [], 0)].types.insert(event.type)
        found[cell.field]?.values.insert(cell.value)
        found[cell.field]?.count += 1
      }
    }
    return found.compactMap { field, seen -> String? in
      let name = FieldName.written(samples.set.fields[field])
      let isNew = seen.types.count < kind.types.count && 2 * seen.values.count >= seen.count / max(1, seen.types.count)
      let words = NameWords.split(name).filter { $0 != "id" }
      guard isNew, samples.set.fields[field] != .key, !words.isEmpty,
        !IdentityCandidate(name: name, fields: [field]).isOfParty
      else { return nil }
      return seen.types.contains { Set(words).isSubset(of: samples.types[$0].name.words) } ? name : nil
    }
    .sorted()
  }
}

/// The participants of flows: programs that send the messages, topics, and parties with a role.
private struct Participants {
  private(set) var producers: Set<String> = []
  private(set) var topics = 0
  private(set) var roles: [String] = []

  init(_ events: [TypedSamples.Event], in samples: TypedSamples) {
    let events = events.filter { Self.hasEffect(samples.types[$0.type]) }
    let fields = samples.set.fields
    for field in fields.indices where producers.count < 2 && Self.senders.contains(FieldName.normalized(fields[field]))
    {
      producers = Self.owners(of: field, events, samples)
    }
    let types = Set(samples.types.flatMap(\.written))
    topics = Set(events.map(\.topic)).count { topic in
      let name = samples.set.topics[topic]
      return !types.contains(name) && !DeadLetterTopic.isName(name)
    }
    var found: Set<String> = []
    for field in Set(events.flatMap { $0.cells.map(\.field) }) where IdentityCandidate.isID(fields[field]) {
      found.formUnion(NameWords.split(FieldName.written(fields[field])).filter(Self.roleNames.contains))
    }
    roles = found.sorted()
  }

  var list: String { producers.sorted().prefix(3).joined(separator: ", ") }

  /// The values of the field if each type has its own value: they are the senders. Instances of one program share the types.
  private static func owners(of field: Int, _ events: [TypedSamples.Event], _ samples: TypedSamples) -> Set<String> {
    var counts: [Int: [Int: Int]] = [:]
    for event in events {
      guard let cell = event.cells.first(where: { $0.field == field }) else { continue }
      counts[event.type, default: [:]][cell.value, default: 0] += 1
    }
    let sent = counts.values.reduce(0) { $0 + $1.values.reduce(0, +) }
    let main = counts.values.compactMap { values in values.max { ($0.value, $1.key) < ($1.value, $0.key) } }
    guard 10 * sent >= 8 * events.count, 10 * main.reduce(0, { $0 + $1.value }) >= 9 * sent else { return [] }
    return Set(main.map { samples.set.values[$0.key] })
  }

  private static func hasEffect(_ type: EventType) -> Bool { type.meaning != nil && type.meaning != .tells }

  private static let senders: Set<String> = [
    "source", "service", "servicename", "producer", "producedby", "publisher", "publishedby", "origin", "app",
    "appname",
    "application", "applicationname", "emitter", "system", "sourcesystem", "sourceservice", "cesource",
  ]
  private static let roleNames: Set<String> = [
    "requester", "addressee", "sender", "receiver", "recipient", "payer", "payee", "buyer", "seller", "merchant",
    "rider",
    "driver", "passenger", "borrower", "lender", "beneficiary", "restaurant", "patient", "doctor", "supplier", "vendor",
    "inviter", "invitee", "creditor", "debtor",
  ]
}

/// The subjects of the types with an effect. "upload" and "upload-chunk" are one subject.
private struct Subjects {
  private(set) var apart: [Set<String>] = []

  init(_ types: [EventType]) {
    let effects: [EventName.Meaning] = [.begins, .completes, .fails, .compensates]
    // "Paid" is about the payment.
    let nouns = types.filter { $0.meaning.map(effects.contains) ?? false }.map(\.name).map { name in
      let noun = name.noun.isEmpty && name.act != name.verb ? name.act : name.noun
      return Set(noun.split(separator: "-").map(String.init))
    }
    for noun in nouns.sorted(by: { $0.count < $1.count })
    where !noun.isEmpty && !apart.contains(where: { noun.isSuperset(of: $0) }) {
      apart.append(noun)
    }
  }
}
