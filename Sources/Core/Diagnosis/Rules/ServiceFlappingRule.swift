/// The service that must do the step goes down and comes back again and again.
enum ServiceFlappingRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard let service = situation.service, situation.isActive, service.verdict != .down,
      service.isFlapping || service.instances.contains(where: \.isFlapping)
    else { return [] }
    let unsteady = service.instances.filter(\.isFlapping)
    let turns = unsteady.flatMap(\.changes).count { situation.now - $0.time < .seconds(300) }
    let text = turns > 0 ? "it changed \(turns) times in the last 5 minutes" : "it goes down and comes back"
    return [
      Cause(
        .serviceFlapping, "\(service.name) is flapping",
        [situation.evidence(text, source: "services", readAt: service.readAt)],
        strength: service.isFlapping ? 60 : 40,
        suggestion: "look at why \(service.name) restarts", subject: .service(service.name))
    ]
  }
}
