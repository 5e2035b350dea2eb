import Text

/// The service read the saga's message and published nothing for it.
enum UnansweredRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, situation.focus?.status != .failed, situation.isInputRead == true,
      let group = situation.group, let input = situation.input,
      situation.trouble == .stuck || situation.pace.excess(of: situation.waited) != nil
    else { return [] }
    let place = "\(input.topic)/\(input.partition)@\(input.offset)"
    return [
      Cause(
        .unanswered, "\(situation.focus?.service ?? group.row.name) read the saga's message and did not answer",
        [
          situation.evidence(
            "\(group.row.name) has committed past \(place), and nothing came for "
              + Quantity.age(situation.waited), source: "lag", readAt: group.readAt)
        ],
        strength: 58, suggestion: "look for the saga in the service's log; publish \(place) again to retry",
        subject: .group(group.row.name), effect: "\(situation.focus?.service ?? group.row.name) does not answer")
    ]
  }
}
