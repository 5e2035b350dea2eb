/// The service that must do the step answers, but not as it should.
enum ServiceDegradedRule {
  static func causes(_ situation: Situation) -> [Cause] {
    // An open circuit and a lost node are causes of their own.
    guard situation.isActive, let service = situation.service, service.verdict == .degraded,
      !service.circuits.contains(where: \.state.isTrouble)
    else { return [] }
    let lost = Set(situation.nodes.filter(\.isLost).map(\.node))
    let unwell = service.instances.filter { $0.verdict >= .degraded && !lost.contains($0.node ?? "") }
    guard !unwell.isEmpty else { return [] }
    let isWhole = unwell.count == service.instances.count
    return [
      Cause(
        .serviceDegraded, "\(service.name) is degraded",
        [situation.evidence(service.reason, source: "services", readAt: service.readAt)], strength: isWhole ? 55 : 35,
        suggestion: "look at what \(service.name) says of its parts", subject: .service(service.name))
    ]
  }
}
