/// Which event types end flows, and how: what the flows show, held against what the names say. A name alone completes nothing that
/// the flows do not, and flows alone complete nothing whose name nobody knows.
struct FlowEnds {
  enum End {
    case completed
    /// It is over, and nobody knows how.
    case ended

    /// What a rule says of it.
    var status: SagaStatus { self == .completed ? .completed : .ended }
  }

  private struct Seen {
    /// Flows that are over and have it; those of them that it closes; and of these the ones in which something failed or was undone.
    var flows = 0
    var closes = 0
    var closesBad = 0
    /// Of those that it closes the ones that have it before, with something else between: a reply that several steps get.
    var repeats = 0
    /// Flows that it would have closed, had it not been undone.
    var undone = 0
  }

  private(set) var statuses: [Int: End] = [:]
  /// Types that come in any order and are done only together.
  private(set) var joint: Set<Int> = []
  private var seen: [Int: Seen] = [:]
  private var settled = 0
  private var good = 0
  /// How many types a flow that is over mostly has.
  private var steps = 0
  private let types: [EventType]
  private let isFew: Bool
  /// The words of the ids, "order" of "orderId", and of what a status is of.
  private let things: Set<String>
  private let statistics: FlowStatistics

  /// Of flows that go on by themselves the end is not asked for.
  init(_ flows: [Flow], _ statistics: FlowStatistics, in samples: TypedSamples, of kind: IdentityFinder.Kind) {
    types = samples.types
    isFew = kind.isFew
    let states = samples.names.filter { $0.contains(" ") }.compactMap { $0.split(separator: " ").first }
    things = Set((kind.identities.map(\.name) + states.map(String.init)).flatMap(NameWords.split))
    self.statistics = statistics
    let settled = zip(flows, statistics.settled).filter(\.1).map { flow, _ in
      flow.events.map { samples.events[$0].type }
    }
    for flow in settled { count(flow) }
    let lengths = settled.map { Set($0).count }.sorted()
    steps = lengths.isEmpty ? 0 : lengths[lengths.count / 2]
    joint = Self.joint(settled, types).filter { !statistics.begins($0) }
    for type in statistics.types.keys { statuses[type] = status(of: type) }
  }

  private mutating func count(_ flow: [Int]) {
    settled += 1
    for type in Set(flow) { seen[type, default: Seen()].flows += 1 }
    // Where all that happens is a notice, as in a saga of e-mails, none comes beside anything.
    guard let last = flow.last(where: { !Self.accompanies(types[$0]) }) ?? flow.last else { return }
    if types[last].meaning == .compensates, let before = flow.last(where: { types[$0].meaning != .compensates }) {
      seen[before, default: Seen()].undone += 1
    }
    let isBad = flow.enumerated().contains { place, type in
      type != last && types[type].isBad && !isMended(type, by: flow[(place + 1)...])
    }
    seen[last, default: Seen()].closes += 1
    if let other = flow.lastIndex(where: { $0 != last && !Self.accompanies(types[$0]) }), flow[..<other].contains(last)
    {
      seen[last]?.repeats += 1
    }
    if isBad { seen[last]?.closesBad += 1 }
    if !isBad, !types[last].isBad { good += 1 }
  }

  /// What failed was done later: "PaymentFailed", "PaymentRetried", "PaymentSucceeded". What is only closed was not. A dead letter was
  /// sent again where the saga goes on behind it.
  private func isMended(_ type: Int, by later: ArraySlice<Int>) -> Bool {
    guard types[type].meaning == .fails else { return false }
    if types[type].name.isDeadLetter { return later.contains { types[$0].meaning == .completes } }
    let subject = types[type].name.subject
    let isAgain = later.contains { types[$0].name.isRestart }
    return !subject.isEmpty
      && later.contains {
        let name = types[$0].name
        return types[$0].meaning == .completes && name.subject == subject
          && (isAgain || !Self.closers.contains(name.verb))
      }
  }

  /// They say that something is over, well or not.
  private static let closers: Set<String> = [
    "closed", "completed", "finished", "concluded", "finalized", "finalised", "settled", "archived", "processed",
  ]

  /// What is over so may have come to nothing, where others do not tell that by another word.
  private static let neutral: Set<String> = ["closed", "archived", "concluded", "ended"]

  /// It comes beside what happens: a notice, a log entry.
  private static func accompanies(_ type: EventType) -> Bool {
    type.meaning == .tells || type.name.words.contains { notices.contains($0) }
  }

  private static let notices: Set<String> = [
    "notification", "notifications", "email", "emails", "sms", "mail", "audit", "analytics", "log", "logs", "metric",
    "metrics",
    "webhook", "newsletter", "notice", "projection", "snapshot", "heartbeat",
  ]

  private func status(of type: Int) -> End? {
    let name = types[type].name
    // What two flows end with may be as far as they have come.
    guard settled > 2, !isFew else { return types[type].meaning == .completes && isLast(name) ? .completed : nil }
    switch types[type].meaning {
    case .completes: return completed(type)
    case .begins where name.isCommand && name.finality == .final: return ordered(type)
    case .begins: return isEnd(type) && 2 * closes(type) > settled && !statistics.begins(type) ? .ended : nil
    case nil, .halts:
      return isEnd(type) && closes(type) > 1 && !isMostlyBad(type) && !statistics.begins(type) ? .ended : nil
    case .fails, .compensates, .compensationFails, .compensating, .tells: return nil
    }
  }

  /// Nothing is expected to follow, whatever the flows show: "Delivered", "OrderCompleted" of an order, and not "PaymentCompleted".
  private func isLast(_ name: EventName) -> Bool {
    if name.isOfTheWhole { return name.finality == .final }
    guard Self.lastWords.contains(name.verb) else { return false }
    return name.noun.split(separator: "-").allSatisfy { things.contains("\($0)") }
  }

  private static let lastWords: Set<String> = [
    "completed", "finished", "fulfilled", "concluded", "finalized", "finalised", "closed", "delivered", "succeeded",
  ]

  private func closes(_ type: Int) -> Int { seen[type]?.closes ?? 0 }
  private func isEnd(_ type: Int) -> Bool {
    seen[type].map { $0.closes > 0 && 10 * $0.closes >= 8 * $0.flows } ?? false
  }
  private func isMostlyBad(_ type: Int) -> Bool { seen[type].map { 5 * $0.closesBad >= 4 * $0.closes } ?? false }

  private func completed(_ type: Int) -> End? {
    let name = types[type].name
    guard !statistics.begins(type), !joint.contains(type), let seen = seen[type], !isMostlyBad(type),
      2 * seen.repeats <= seen.closes
    else { return nil }
    // What was complete may be refunded later.
    let isClosing = name.finality == .final && seen.closes > 0 && 10 * (seen.closes + seen.undone) >= 8 * seen.flows
    guard isEnd(type) || isClosing else { return nil }
    let clean = seen.closes - seen.closesBad
    // Where all flows end alike, the next step may just not have answered.
    let hasOther = self.seen.contains { $0.value.closes > 0 && (types[$0.key].isBad || types[$0.key].failing != nil) }
    if name.finality == .final {
      // What begins and ends, and nothing more, is a saga only where its words say so, or where others end ill.
      let isTold = name.isOfTheWhole || isLast(name)
      let isShown = isTold || steps > 2 || !Self.closers.contains(name.verb)
      guard hasOther || (Self.neutral.contains(name.verb) ? isTold && !name.noun.isEmpty : isShown) else {
        return .ended
      }
      return (name.noun.isEmpty ? 10 : 3) * seen.closesBad <= seen.closes ? .completed : .ended
    }
    // Of a word that may be a step's only the flows show that nothing follows it.
    let isUsual = clean >= 3 && 10 * clean >= 3 * good && 10 * seen.closesBad <= seen.closes
    return isUsual && (name.finality == .acted && hasOther || hasRival(type)) ? .completed : .ended
  }

  /// Others fail at the very step that these ended with.
  private func hasRival(_ type: Int) -> Bool {
    let words = Set(types[type].name.noun.split(separator: "-"))
    return types.contains { $0.meaning == .fails && !words.isDisjoint(with: $0.name.noun.split(separator: "-")) }
  }

  /// "confirm-order" asks for the good end. That it was reached is taken from there being another end for the others.
  private func ordered(_ type: Int) -> End? {
    guard isEnd(type), let seen = seen[type], seen.closesBad == 0, !statistics.begins(type) else { return nil }
    let hasOther = self.seen.contains { types[$0.key].isBad && $0.value.closes > 0 }
    if hasOther, seen.closes >= 3, 10 * seen.closes >= 3 * settled { return .completed }
    return 2 * seen.closes > settled ? .ended : nil
  }

  /// Types of which now the one, now the other comes last in flows that have both.
  private static func joint(_ flows: [[Int]], _ types: [EventType]) -> Set<Int> {
    var orders: [[Int]: Int] = [:]
    for flow in flows {
      let done = flow.reduce(into: [Int]()) { done, type in
        if types[type].meaning == .completes, !accompanies(types[type]), !done.contains(type) { done.append(type) }
      }
      guard done.count > 1, done.count <= 20, let last = done.last else { continue }
      for type in done.dropLast() { orders[[type, last], default: 0] += 1 }
    }
    var joint: Set<Int> = []
    for (pair, count) in orders {
      let other = orders[[pair[1], pair[0]]] ?? 0
      if count + other > 2, 10 * min(count, other) > count + other { joint.formUnion(pair) }
    }
    return joint
  }

  /// Types that are a good end only because nothing follows them in the flows: "payment-completed" may be a step that the next one has
  /// not answered.
  var resting: [Int] {
    statuses.keys.filter {
      statuses[$0] == .completed && !(types[$0].name.finality == .final && isLast(types[$0].name))
    }
    .sorted { EventType.precedes(types[$0], types[$1]) }
  }

  /// How many flows that are over ended with a word whose meaning is known, and how many with another.
  var known: (known: Int, unknown: Int) {
    let ended = statuses.filter { $0.value == .ended }.keys.reduce(0) { $0 + closes($1) }
    let told = seen.filter { types[$0.key].isBad || statuses[$0.key] == .completed }.values.reduce(0) { $0 + $1.closes }
    return (told, ended)
  }
}

extension EventType {
  /// Something failed or is undone.
  var isBad: Bool {
    switch meaning {
    case .fails, .compensates, .compensating, .compensationFails: true
    case .begins, .completes, .tells, .halts, nil: name.isDeadLetter
    }
  }
}
