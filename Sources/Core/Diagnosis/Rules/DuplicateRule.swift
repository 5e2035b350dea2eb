/// Events that came several times. Harmless to the saga's state, and said so.
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

  /// A copy carries the time of the first.
  private struct Key: Hashable {
    var type: String
    var topic: String
    var time: Timestamp

    init(_ event: EventRow) {
      (type, topic, time) = (event.type, event.topic, event.time)
    }
  }
}
