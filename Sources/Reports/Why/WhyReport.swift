import Core
import TUI
import Text

/// A diagnosis as JSON: a document (`sagatop.why/v1`), and the member `why` of a saga in a snapshot.
package enum WhyJSON {
  /// The document described in docs/why.md.
  package static func document(
    _ diagnosis: Diagnosis, context: String, isComplete: Bool, earlier: [RoundView] = [],
    traces: SagaTraces? = nil
  ) -> JSONValue {
    let saga = diagnosis.saga
    return .object([
      ("schema", .string("sagatop.why/v1")), ("takenAt", JSONValue(diagnosis.at)), ("context", .string(context)),
      ("complete", .bool(isComplete)), ("saga", .string(saga.id)), ("type", .string(saga.type)),
      ("status", .string(saga.status.name)), ("ending", JSONValue(saga.ending)),
      ("flags", .array(saga.flags.names.map { .string($0) })),
      ("trouble", .string(diagnosis.trouble.rawValue)), ("step", JSONValue(diagnosis.step)),
      ("why", causes(diagnosis)), ("notKnown", .array(diagnosis.unknown.map { .string($0) })),
      ("round", .int(Int64(saga.round))), ("earlierRounds", .array(earlier.map(round))),
      ("traceIds", .array(saga.traces.map { .string($0.text) })),
      ("calls", traces.flatMap { $0.found.isEmpty ? nil : calls($0, saga, now: diagnosis.at) } ?? .null),
    ])
  }

  private static func calls(_ traces: SagaTraces, _ saga: SagaRow, now: Timestamp) -> JSONValue {
    .array(
      traces.calls.prefix(mostCalls).map { call in
        .object([
          ("trace", .string(call.trace.text)),
          ("step", JSONValue(call.step(of: saga.steps, now: now).map { saga.steps[$0].name })),
          ("caller", JSONValue(call.caller)), ("callee", .string(call.callee)), ("operation", .string(call.operation)),
          ("startedAt", JSONValue(call.start)), ("durationMs", JSONValue(milliseconds: call.duration)),
          ("httpStatus", JSONValue(call.status)), ("failed", .bool(call.hasFailed)), ("error", JSONValue(call.error)),
        ])
      })
  }

  private static let mostCalls = 200

  private static func round(_ round: RoundView) -> JSONValue {
    .object([
      ("round", .int(Int64(round.number))), ("status", .string(round.status.name)),
      ("flags", .array(round.flags.names.map { .string($0) })), ("startedAt", JSONValue(round.startedAt)),
      ("endedAt", JSONValue(round.endedAt)), ("failedStep", JSONValue(round.failedStep)),
      ("error", JSONValue(round.error)),
    ])
  }

  static func causes(_ diagnosis: Diagnosis) -> JSONValue {
    .array(diagnosis.causes.map { cause($0, at: diagnosis.at) })
  }

  private static func cause(_ cause: Cause, at now: Timestamp) -> JSONValue {
    .object([
      ("cause", .string(cause.sentence)), ("kind", .string(cause.kind.rawValue)),
      ("strength", .int(Int64(cause.strength))),
      ("evidence", .string(cause.evidence.map(\.text).joined(separator: "; "))),
      ("ageMs", JSONValue(milliseconds: cause.age(at: now))), ("stale", .bool(cause.isStale)),
      ("suggestion", JSONValue(cause.suggestion)),
      ("readings", .array(cause.evidence.map { reading($0, at: now) })),
      ("chain", .array(cause.links.map { .string($0) })),
      ("consequences", .array(cause.consequences.map { consequence($0, at: now) })),
    ])
  }

  /// A consequence of a cause, which is not a cause itself.
  private static func consequence(_ cause: Cause, at now: Timestamp) -> JSONValue {
    .object([
      ("effect", .string(cause.effect)), ("cause", .string(cause.sentence)), ("kind", .string(cause.kind.rawValue)),
      ("strength", .int(Int64(cause.strength))),
      ("readings", .array(cause.evidence.map { reading($0, at: now) })),
    ])
  }

  private static func reading(_ evidence: Evidence, at now: Timestamp) -> JSONValue {
    .object([
      ("text", .string(evidence.text)), ("source", .string(evidence.source)), ("readAt", JSONValue(evidence.readAt)),
      ("ageMs", JSONValue(milliseconds: evidence.age(at: now))), ("stale", .bool(evidence.isStale)),
      ("contradicts", .bool(evidence.weight == .contradicts)),
    ])
  }
}

/// A diagnosis as sentences, escaped for a terminal.
package enum WhyText {
  package static func text(_ diagnosis: Diagnosis) -> String {
    var lines = [DiagnosisText.headline(diagnosis)]
    for (place, cause) in diagnosis.causes.enumerated() {
      lines += ["", "\(place + 1). \(cause.sentence)  (\(DiagnosisText.strength(cause)))"]
      if !cause.consequences.isEmpty {
        let links = cause.consequences.map(\.effect) + [DiagnosisText.effect(diagnosis)].compactMap(\.self)
        lines.append("   " + links.map { "→ \($0)" }.joined(separator: " "))
      }
      lines += (cause.evidence + cause.consequences.flatMap(\.evidence)).map {
        "   \(DiagnosisText.evidence($0, now: diagnosis.at))"
      }
      if let suggestion = cause.suggestion { lines.append("   try: \(suggestion)") }
    }
    let isSaid = diagnosis.causes.contains { $0.kind == .nothingFound }
    if !diagnosis.unknown.isEmpty, !isSaid {
      lines += ["", "not known: \(diagnosis.unknown.joined(separator: "; "))"]
    }
    return lines.map { Sanitizer.sanitized($0) }.joined(separator: "\n") + "\n"
  }
}
