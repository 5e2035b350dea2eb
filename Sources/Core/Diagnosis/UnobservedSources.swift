/// What could not be looked at, so that nobody takes silence for health.
enum UnobservedSources {
  static func sentences(_ situation: Situation) -> [String] {
    guard let step = situation.focus else { return [] }
    return [service(step, situation), group(step, situation), redis(situation)].compactMap { $0 }
      + situation.sources.compactMap(silent)
  }

  private static func service(_ step: StepView, _ situation: Situation) -> String? {
    guard situation.service == nil else { return nil }
    return step.service.map { "the health of \($0) is not watched" }
      ?? "which service does \(step.name) is not configured"
  }

  private static func group(_ step: StepView, _ situation: Situation) -> String? {
    guard situation.group == nil else { return nil }
    return step.group.map { "the consumer group \($0) was not read" }
      ?? "which consumer group reads for \(step.name) is not known"
  }

  private static func redis(_ situation: Situation) -> String? {
    situation.sources.contains { $0.name.hasPrefix("redis") } ? nil : "no locks are watched"
  }

  private static func silent(_ source: SourceStatus) -> String? {
    guard source.phase == .down || source.phase == .connecting else { return nil }
    return "\(source.name) is \(source.phase.rawValue): \(source.error ?? "no answer yet")"
  }
}
