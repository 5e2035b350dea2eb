import Text

/// The service that must do the step is down.
enum ServiceDownRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard let service = situation.service else { return [] }
    if situation.isActive {
      if service.verdict == .down { return [now(service, situation)] }
      return service.verdict == .unknown ? before(service, situation) : []
    }
    return then(service, situation)
  }

  private static func now(_ service: ServiceRow, _ situation: Situation) -> Cause {
    let age = service.since.map { " for \($0.isAtLeast ? "at least " : "")\(Quantity.age(situation.now - $0.time))" }
    return Cause(
      .serviceDown, "\(service.name) is down",
      [situation.evidence("\(service.reason)\(age ?? "")", source: "services", readAt: service.readAt)], strength: 95,
      suggestion: "bring \(service.name) back; what waits for it is still there", subject: .service(service.name))
  }

  /// It is not read any more, and was down when it last was.
  private static func before(_ service: ServiceRow, _ situation: Situation) -> [Cause] {
    guard let readAt = service.readAt, situation.now - readAt > Situation.staleAfter, !service.instances.isEmpty,
      service.instances.allSatisfy({ $0.changes.last?.verdict == .down })
    else { return [] }
    let evidence = situation.evidence(service.reason, source: "services", readAt: readAt)
    return [
      Cause(
        .serviceDown, "\(service.name) was down when it was last read", [evidence], strength: 90,
        suggestion: "find out why its health is not read any more", subject: .service(service.name))
    ]
  }

  /// It was down while an ended saga was at the step.
  private static func then(_ service: ServiceRow, _ situation: Situation) -> [Cause] {
    guard situation.trouble == .slow, let start = situation.focusStart, let end = situation.focusEnd else { return [] }
    let downs = service.instances.compactMap { instance in
      instance.changes.last { $0.verdict == .down && $0.time <= end && $0.time >= start - .seconds(2) }
    }
    guard !service.instances.isEmpty, downs.count == service.instances.count, let last = downs.map(\.time).max() else {
      return []
    }
    let text = "all its instances were down \(Quantity.age(situation.now - last)) ago, while the saga was at the step"
    return [
      Cause(
        .serviceDown, "\(service.name) was down", [Evidence(text, source: "services", readAt: last)], strength: 80,
        subject: .service(service.name))
    ]
  }
}

extension ServiceRow {
  /// Of the instance that was read least recently.
  var readAt: Timestamp? { instances.compactMap(\.readAt).min() }
}
