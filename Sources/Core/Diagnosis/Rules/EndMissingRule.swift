import Text

/// Nothing is left to be undone, and only the event that ends the compensation is missing.
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
