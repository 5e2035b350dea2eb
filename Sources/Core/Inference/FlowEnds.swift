/// Decides which event types end flows, and how, from the flows and the names together. A type completes a saga only if the flows confirm
/// its name; a type with an unknown name never completes a saga.
struct FlowEnds {
  enum End {
    case completed
    /// It is over; the outcome is unknown.
    case ended

    /// Status for the event rule.
    var status: SagaStatus { self == .completed ? .completed : .ended }
  }

  private struct Seen {
    /// Number of settled flows that contain the type (`flows`), that it closes (`closes`), and that it closes after a failure or
    /// compensation (`closesBad`).
    var flows = 0
    var closes = 0
    var closesBad = 0
    /// Flows that it closes and that contain it earlier too, with another type in between: a reply to several steps.
    var repeats = 0
    /// Flows that it would close without a later compensation.
    var undone = 0
  }

  private(set) var statuses: [Int: End] = [:]
  /// Types that occur in any order and are complete only together.
  private(set) var joint: Set<Int> = []
  private var seen: [Int: Seen] = [:]
  private var settled = 0
  private var good = 0
  /// Typical number of types in a settled flow.
  private var steps = 0
  private let types: [EventType]
  private let isFew: Bool
  /// The words of the ids ("order" for "orderId") and of types with a status.
  private let things: Set<String>
  private let statistics: FlowStatistics

  /// Counts only settled flows.
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
    // In a saga of only notices, such as e-mails, every event counts.
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

  /// Whether a failed step succeeded later: "PaymentFailed", "PaymentRetried", "PaymentSucceeded". Without a retry, a word such as "closed"
  /// is not a success. A dead letter was resent if the saga continues after it.
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

  /// Verbs for an end, successful or not.
  private static let closers: Set<String> = [
    "closed", "completed", "finished", "concluded", "finalized", "finalised", "settled", "archived", "processed",
  ]

  /// Verbs whose outcome may be a failure, unless other types end flows with a failure.
  private static let neutral: Set<String> = ["closed", "archived", "concluded", "ended"]

  /// It only accompanies the flow: a notice, a log entry.
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
    // One or two flows may be unfinished, so their last events prove nothing.
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

  /// According to its name, nothing follows: "Delivered", "OrderCompleted" for an order, but not "PaymentCompleted".
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
    // A completed saga may be refunded later.
    let isClosing = name.finality == .final && seen.closes > 0 && 10 * (seen.closes + seen.undone) >= 8 * seen.flows
    guard isEnd(type) || isClosing else { return nil }
    let clean = seen.closes - seen.closesBad
    // If all flows end the same way, the next step may not have responded yet.
    let hasOther = self.seen.contains { $0.value.closes > 0 && (types[$0.key].isBad || types[$0.key].failing != nil) }
    if name.finality == .final {
      // In flows of only two types, a verb of `closers` means success only if the name describes the whole saga, or if other flows fail.
      let isTold = name.isOfTheWhole || isLast(name)
      let isShown = isTold || steps > 2 || !Self.closers.contains(name.verb)
      guard hasOther || (Self.neutral.contains(name.verb) ? isTold && !name.noun.isEmpty : isShown) else {
        return .ended
      }
      return (name.noun.isEmpty ? 10 : 3) * seen.closesBad <= seen.closes ? .completed : .ended
    }
    // The word may also describe a step: only the flows show whether anything follows it.
    let isUsual = clean >= 3 && 10 * clean >= 3 * good && 10 * seen.closesBad <= seen.closes
    return isUsual && (name.finality == .acted && hasOther || hasRival(type)) ? .completed : .ended
  }

  /// Other flows fail at the same step.
  private func hasRival(_ type: Int) -> Bool {
    let words = Set(types[type].name.noun.split(separator: "-"))
    return types.contains { $0.meaning == .fails && !words.isDisjoint(with: $0.name.noun.split(separator: "-")) }
  }

  /// "confirm-order" requests the successful end. It counts as reached if other flows have a different end.
  private func ordered(_ type: Int) -> End? {
    guard isEnd(type), let seen = seen[type], seen.closesBad == 0, !statistics.begins(type) else { return nil }
    let hasOther = self.seen.contains { types[$0.key].isBad && $0.value.closes > 0 }
    if hasOther, seen.closes >= 3, 10 * seen.closes >= 3 * settled { return .completed }
    return 2 * seen.closes > settled ? .ended : nil
  }

  /// Completed types whose order varies: each comes last in some of the flows that contain both.
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

  /// Types that are a successful end only because nothing follows them in the flows: "payment-completed" may be a step that the next step
  /// has not responded to.
  var resting: [Int] {
    statuses.keys.filter {
      statuses[$0] == .completed && !(types[$0].name.finality == .final && isLast(types[$0].name))
    }
    .sorted { EventType.precedes(types[$0], types[$1]) }
  }

  /// The number of settled flows that ended with a word of known meaning, and with another one.
  var known: (known: Int, unknown: Int) {
    let ended = statuses.filter { $0.value == .ended }.keys.reduce(0) { $0 + closes($1) }
    let known = seen.filter { types[$0.key].isBad || statuses[$0.key] == .completed }.values.reduce(0) {
      $0 + $1.closes
    }
    return (known, ended)
  }
}

extension EventType {
  /// A failure or compensation.
  var isBad: Bool {
    switch meaning {
    case .fails, .compensates, .compensating, .compensationFails: true
    case .begins, .completes, .tells, .halts, nil: name.isDeadLetter
    }
  }
}
