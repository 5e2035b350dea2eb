import Text

/// The brokers that carry the saga's events cannot be read.
enum BrokerRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    return situation.sources.filter { $0.carriesEvents && $0.phase == .down }.map { source in
      let last = source.lastSuccess.map { "it last answered \(Quantity.age(situation.now - $0)) ago" }
      return Cause(
        .brokerUnreachable, "\(source.name) cannot be read",
        [
          Evidence([source.error, last].compactMap { $0 }.joined(separator: "; "), source: source.name),
          Evidence("the saga may have gone on since", source: source.name),
        ],
        strength: 97, suggestion: "bring the brokers back, or the way to them")
    }
  }
}
