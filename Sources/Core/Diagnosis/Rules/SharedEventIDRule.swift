/// The field that is read as an event's id names something else: events of different types carry the same.
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

/// What is read as an id of a saga is one of several: they melt into one.
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
