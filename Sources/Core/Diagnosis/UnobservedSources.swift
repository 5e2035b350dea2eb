/// Sources that could not be observed, so that missing data is not mistaken for health.
enum UnobservedSources {
  static func sentences(_ situation: Situation) -> [String] {
    guard let step = situation.focus else { return [] }
    return [service(step, situation), group(step, situation), redis(situation), trace(situation)].compactMap { $0 }
      + situation.sources.compactMap { silent($0, at: situation.now) }
  }

  private static func service(_ step: StepView, _ situation: Situation) -> String? {
    if let service = situation.service {
      return service.verdict == .unknown ? "the health of \(service.name) is not known: \(service.reason)" : nil
    }
    return step.service.map { "the health of \($0) is not watched" }
      ?? "which service does \(step.name) is not configured"
  }

  private static func group(_ step: StepView, _ situation: Situation) -> String? {
    if let group = situation.group?.row {
      if group.verdict == .none { return "whether \(group.name) is the group that reads is not known: \(group.reason)" }
      guard group.lag.value == nil || group.verdict == .unknown else { return nil }
      return "what \(group.name) has read is not known: \(group.reason)"
    }
    return step.group.map { "the consumer group \($0) was not read" }
      ?? "which consumer group reads for \(step.name) is not known"
  }

  private static func redis(_ situation: Situation) -> String? {
    situation.sources.contains { $0.kind == .redis } ? nil : "no locks are watched"
  }

  /// Only for requested traces: without a trace store or a request there is nothing to report.
  private static func trace(_ situation: Situation) -> String? {
    guard let traces = situation.traces, let last = traces.found.last ?? traces.samples.last else { return nil }
    switch last.outcome {
    case .found(let trace):
      let count = trace.dropped + traces.calls.count { CallRule.isImpossible($0, situation) }
      guard count > 0 else { return nil }
      return
        "\(count) \(count == 1 ? "span" : "spans") of the trace \(last.id.text) cannot be used: of another trace, with "
        + "impossible times, or too many"
    case .missing: return "the trace store does not have the trace \(last.id.text)"
    case .failed(let reason): return "the trace \(last.id.text) could not be read: \(reason)"
    }
  }

  private static func silent(_ source: SourceStatus, at now: Timestamp) -> String? {
    guard !source.isCurrent(at: now) || source.phase != .up else { return nil }
    return "\(source.incompleteness(at: now)): \(source.error ?? "no answer yet")"
  }
}
