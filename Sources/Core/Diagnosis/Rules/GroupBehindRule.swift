import Text

/// The group reads, but what it reads is old.
enum GroupBehindRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group, situation.isInputRead != true else { return [] }
    let verdict = group.partition?.verdict ?? group.row.verdict
    guard verdict == .ok || verdict == .warning || verdict == .unknown || verdict == .rewound else { return [] }
    let lag = group.partition?.lag ?? group.row.lag
    let time = group.partition?.lagTime ?? group.row.lagTime
    guard lag.last ?? 0 > 0, let age = time.known.last, age >= .seconds(2) else { return [] }
    var text = LagPhrase.waiting(lag, time)
    if let input = situation.input, let committed = group.partition?.committed, input.offset >= committed {
      let ahead = input.offset &- committed
      text +=
        ahead == 0 ? "; the saga's message is next" : "; \(Quantity.grouped(Int(ahead))) of them before the saga's"
    }
    if case .after(let drain) = group.row.drain { text += "; worked off in \(Quantity.age(drain))" }
    if case .notDraining = group.row.drain { text += "; it does not get less" }
    return [
      Cause(
        .groupBehind, "group \(group.row.name) is behind by \(Quantity.age(age))",
        [situation.evidence(text, source: "lag", readAt: group.readAt)], strength: strength(age),
        suggestion: "give \(group.row.name) more members, up to one for each partition, or make its work faster",
        subject: .group(group.row.name), effect: "\(group.row.name) is behind by \(Quantity.age(age))")
    ]
  }

  private static func strength(_ age: Duration) -> Int {
    if age < .seconds(5) { return 30 }
    return age < .seconds(30) ? 60 : 78
  }
}
