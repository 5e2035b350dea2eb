import Text

/// An event of a later step was seen, but none of an earlier step.
enum MissingEventRule {
  static func causes(_ situation: Situation) -> [Cause] {
    let row = situation.row
    guard !row.flags.contains(.incomplete), row.status == .running || row.status == .completed else { return [] }
    let isOver = row.status == .completed && row.flags.contains(.inconsistent)
    let behind = isOver ? row.steps.endIndex : row.steps.lastIndex { isDone($0) } ?? 0
    guard
      let missing = row.steps[..<behind].first(where: {
        !isDone($0) && $0.status != .skipped && (isOver || $0.status != .failed)
      })
    else { return [] }
    let later = row.steps.last { isDone($0) && $0.name != missing.name }
    let evidence =
      isOver
      ? "the saga completed without it: the event was lost, or its topic is not read"
      : "\(later?.name ?? "a step") is done, which comes after it: the event was lost, or its topic is not read"
    return [
      Cause(
        .eventMissing, "the event that ends \(missing.name) was never seen", [Evidence(evidence, source: "events")],
        strength: isOver ? 70 : 66,
        suggestion: "see whether the topic of \(missing.name) is among those that are read")
    ]
  }

  private static func isDone(_ step: StepView) -> Bool {
    step.status == .completed && step.attempts.contains { $0.endedAt != nil }
  }
}

/// All steps are compensated, and only the event that ends the compensation is missing.
enum EndMissingRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.row.status == .compensating, situation.focus == nil else { return [] }
    return [
      Cause(
        .endMissing, "no event has ended the compensation, and no step is left to be undone",
        [
          Evidence(
            "nothing came for \(Quantity.age(situation.waited))", source: "events")
        ], strength: situation.trouble == .stuck ? 62 : 40,
        suggestion: "see whether the event that ends it was published, and whether its topic is read")
    ]
  }
}

/// A message of the saga was parked because no consumer could process it.
enum DeadLetterRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.trouble != .none, situation.row.status != .completed else { return [] }
    let own = situation.saga.events.last { DeadLetterTopic.isName($0.topic) }.map { ($0.topic, $0.time, $0.error) }
    let unread = situation.unreadable.last { message in
      DeadLetterTopic.isName(message.topic) && situation.saga.ids.contains { $0.value == message.key }
    }.map { ($0.topic, $0.time, Optional($0.reason)) }
    guard let (topic, time, reason) = own ?? unread else { return [] }
    let age = Quantity.age(situation.now - time)
    return [
      Cause(
        .deadLetter, "a message of the saga was parked in \(topic)",
        [Evidence("\(age) ago\(reason.map { ": \($0)" } ?? "")", source: "events")], strength: 93,
        suggestion: "mend what could not handle it, then publish it again")
    ]
  }
}

/// Events that contradict the end of the saga, with names and times.
enum ContradictionRule {
  private static let mostNamed = 5

  static func causes(_ situation: Situation) -> [Cause] {
    situation.saga.contradictions.suffix(mostNamed).map { cause($0, situation) }
  }

  private static func cause(_ found: SagaContradiction, _ situation: Situation) -> Cause {
    let told = Evidence("\(found.event) at \(found.time.iso8601)\(end(found))", source: "events")
    switch found.kind {
    case .success(let step):
      return Cause(
        .lateSuccess, "\(step) succeeded after the compensation was over: undo it", [told], strength: 98,
        suggestion: "undo \(step) by hand, or have its service undo it: nothing else will")
    case .failure(let step):
      return Cause(
        .lateFailure, "\(step) failed after the saga had ended as \(situation.row.status.name)", [told], strength: 72,
        suggestion: "see whether \(step) was done: the saga's end and this event cannot both be true")
    case .end(let status):
      let word = status == .completed ? "completed" : "as \(status.name)"
      return Cause(
        .contradictingEnd, "\(found.event) ends the saga \(word), although it had ended before", [told], strength: 86,
        suggestion: "see which of the two ends is true, and what published the other")
    }
  }

  private static func end(_ found: SagaContradiction) -> String {
    guard let endedAt = found.endedAt else { return "" }
    guard let event = found.endEvent else { return ", and it was over since \(endedAt.iso8601)" }
    return ", and \(event) at \(endedAt.iso8601)"
  }
}

/// Duplicate events. They do not affect the saga's state, which the cause states.
enum DuplicateRule {
  private static let mostNamed = 3

  static func causes(_ situation: Situation) -> [Cause] {
    var counts: [Key: Int] = [:]
    for event in situation.saga.events { counts[Key(event), default: 0] += 1 }
    let repeated = counts.filter { $0.value > 1 }.sorted {
      ($0.key.time, $0.key.type, $0.key.topic) < ($1.key.time, $1.key.type, $1.key.topic)
    }
    guard !repeated.isEmpty || situation.copies > 0 else { return [] }
    var names = repeated.prefix(mostNamed).map { "\($0.key.type) \($0.value) times" }
    if repeated.count > mostNamed { names.append("\(repeated.count - mostNamed) more") }
    if situation.copies > 0 { names.append("\(situation.copies) copies with the id of an event that was there") }
    let isTwice = situation.row.steps.contains { $0.attempts.count > 1 }
    let what = isTwice ? "a step has several attempts: see whether it did its work twice" : "no step was done twice"
    return [
      Cause(
        .duplicates, "events were published more than once, which is harmless",
        [Evidence(names.joined(separator: ", "), source: "events"), Evidence(what, source: "events")], strength: 20)
    ]
  }

  /// A copy has the time of the original.
  private struct Key: Hashable {
    var type: String
    var topic: String
    var time: Timestamp

    init(_ event: EventRow) {
      (type, topic, time) = (event.type, event.topic, event.time)
    }
  }
}

/// The field that is configured as event id identifies something else: events of different types have the same value.
enum SharedEventIDRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.sharedEventIDs > 0 else { return [] }
    return [
      Cause(
        .sharedEventIDs, "what is read as the id of an event does not name one event",
        [
          Evidence(
            "\(situation.sharedEventIDs) of the saga's events carry an id that an event of another type has, too: they "
              + "are not taken for copies", source: "events")
        ], strength: 24, suggestion: "set `fields.id` to a field that is different in every event, or leave it out")
    ]
  }
}

/// The field that is configured as saga id joins several sagas to one.
enum JoinedIDsRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard let joined = situation.joinedIDs else { return [] }
    return [
      Cause(
        .joinedIDs, "what is shown as one saga may be several",
        [
          Evidence(
            "it was started as \(joined.kind) \(joined.first) and as \(joined.second), which \(joined.joinedBy) joins",
            source: "events")
        ], strength: 24, suggestion: "take an id that several sagas share out of `ids`")
    ]
  }
}

/// Impossible times, caused by different clocks.
enum ClockSkewRule {
  private static let tolerance = Duration.milliseconds(500)

  static func causes(_ situation: Situation) -> [Cause] {
    [ahead(situation), reversed(situation)].compactMap { $0 }
  }

  private static func ahead(_ situation: Situation) -> Cause? {
    guard let event = situation.saga.events.last(where: { $0.time - situation.now > tolerance }) else { return nil }
    let distance = Quantity.age(event.time - situation.now)
    return Cause(
      .clockSkew, "the clock of \(event.node ?? event.type) is ahead",
      [Evidence("\(event.type) is dated \(distance) in the future", source: "events")],
      strength: situation.isActive ? 45 : 30, suggestion: "set the clocks; deadlines are reckoned from these times")
  }

  /// A step that ended before the preceding one handed over to it.
  private static func reversed(_ situation: Situation) -> Cause? {
    let steps = situation.row.steps
    for (before, after) in zip(steps, steps.dropFirst()) {
      guard let first = before.endedAt, let second = after.attempts.first(where: { $0.endedAt != nil })?.endedAt,
        !before.attempts.contains(where: \.hasFailed), first - second > tolerance
      else { continue }
      let node = after.node.map { " on \($0)" } ?? ""
      return Cause(
        .clockSkew, "clocks differ by at least \(Quantity.age(first - second))",
        [Evidence("\(after.name)\(node) ended before \(before.name), which it follows", source: "events")],
        strength: situation.isActive ? 40 : 30, suggestion: "set the clocks; deadlines are reckoned from these times")
    }
    return nil
  }
}
