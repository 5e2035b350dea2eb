import Text

/// Steps are waited for to be undone.
enum CompensationRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.row.status == .compensating else { return [] }
    let owed = situation.row.steps.filter { $0.status == .compensating }
    guard let next = owed.last else { return [] }
    var evidence = [
      Evidence(
        "to be undone: \(owed.reversed().map(\.name).joined(separator: ", ")); nothing was undone for "
          + Quantity.age(situation.row.progressAt.map { situation.now - $0 }), source: "events")
    ]
    if let service = next.service { evidence.append(Evidence("\(service) must do it", source: "events")) }
    return [
      Cause(
        .awaitingCompensation, "waits for \(next.name) to be undone", evidence,
        strength: situation.trouble == .stuck ? 48 : 42,
        suggestion: situation.trouble == .stuck ? "see why \(next.service ?? next.name) does not undo it" : nil)
    ]
  }
}
