import Core
import Text

/// The members `compensations` and `compensationSums` of the snapshot, as described in docs/snapshot.md.
enum CompensationsJSON {
  static func members(_ view: CompensationList, now: Timestamp) -> [(String, JSONValue)] {
    [
      ("compensations", .array(view.rows.map { compensation($0, view.sums.coverage, now: now) })),
      ("compensationSums", sums(view.sums)),
    ]
  }

  /// If not all events were read, the duration of a compensation without an end is unknown: it may have ended.
  private static func duration(_ view: CompensationView, _ known: SourceCoverage, now: Timestamp) -> Duration? {
    view.endedAt == nil ? known.exactly(view.duration(now: now)).value : view.duration(now: now)
  }

  private static func compensation(
    _ view: CompensationView, _ known: SourceCoverage, now: Timestamp
  ) -> JSONValue {
    var person: String?
    if case .operator(let name) = view.trigger { person = name }
    return .object([
      ("saga", .string(view.sagaID)), ("type", .string(view.type)), ("failedStep", JSONValue(view.failedStep)),
      ("error", JSONValue(view.error)), ("node", JSONValue(view.node)), ("product", JSONValue(view.product)),
      ("steps", .array(view.undone.map { .string($0.step) })),
      ("remaining", .array(view.owed.map { .string($0.step) })), ("undone", .array(view.undone.map(undoing))),
      ("notUndone", .array(view.owed.filter(\.hasFailed).map(failure))), ("startedAt", JSONValue(view.startedAt)),
      ("endedAt", JSONValue(view.endedAt)), ("durationMs", JSONValue(milliseconds: duration(view, known, now: now))),
      ("outcome", .string(view.outcome.name)), ("stuck", .bool(view.isStuck)),
      ("trigger", .string(view.trigger.name)), ("operator", JSONValue(person)),
      ("attempts", JSONValue(view.attempts)), ("round", JSONValue(view.round)),
    ])
  }

  private static func undoing(_ step: CompensationView.Undoing) -> JSONValue {
    .object([("step", .string(step.step)), ("at", JSONValue(step.time)), ("node", JSONValue(step.node))])
  }

  private static func failure(_ step: CompensationView.Owed) -> JSONValue {
    .object([("step", .string(step.step)), ("at", JSONValue(step.time)), ("error", JSONValue(step.error))])
  }

  private static func sums(_ sums: CompensationSums) -> JSONValue {
    let known = sums.coverage
    return .object([
      ("backlog", JSONValue(known.exactly(Int64(sums.backlog)))),
      ("compensating", JSONValue(known.exactly(Int64(sums.compensating)))),
      ("stuck", JSONValue(known.known(sums.stuck))), ("failed", JSONValue(known.known(sums.failed))),
      ("compensated", JSONValue(known.known(sums.compensated))), ("startRate", JSONValue(rounded: sums.startRate)),
      ("doneRate", JSONValue(rounded: sums.doneRate)), ("failRate", JSONValue(rounded: sums.failRate)),
      (
        "durationMs",
        .object([
          ("mean", JSONValue(milliseconds: known.exactly(sums.mean).value)),
          ("p95", JSONValue(milliseconds: known.exactly(sums.p95).value)),
        ])
      ),
      ("causes", .array(sums.causes.map { cause($0, known) })),
      ("concentrations", .array(sums.concentrations.map { concentration($0, known) })),
      ("quality", .string(known.quality.rawValue)), ("asOf", JSONValue(known.asOf)),
    ])
  }

  private static func cause(_ cause: CompensationSums.Cause, _ known: SourceCoverage) -> JSONValue {
    .object([
      ("type", .string(cause.type)), ("step", JSONValue(cause.step)), ("count", JSONValue(known.known(cause.count))),
      ("rate", JSONValue(rounded: cause.rate)),
    ])
  }

  private static func concentration(_ item: CompensationSums.Concentration, _ known: SourceCoverage) -> JSONValue {
    .object([
      ("kind", .string(item.kind.rawValue)), ("name", .string(item.name)),
      ("count", JSONValue(known.known(item.count))), ("share", JSONValue(rounded: known.exactly(item.share).value)),
    ])
  }
}

/// The members `failures`, `failuresDropped`, `failuresQuality` and `failuresAsOf` of the snapshot, as described in docs/snapshot.md.
enum FailuresJSON {
  static func members(_ view: FailureList) -> [(String, JSONValue)] {
    [
      ("failures", .array(view.rows.map(pattern))), ("failuresDropped", JSONValue(view.coverage.known(view.dropped))),
      ("failuresQuality", .string(view.coverage.quality.rawValue)), ("failuresAsOf", JSONValue(view.coverage.asOf)),
    ]
  }

  private static func pattern(_ row: FailurePatternRow) -> JSONValue {
    .object([
      ("pattern", .string(row.pattern)), ("example", JSONValue(row.example)),
      ("step", JSONValue(row.steps.first?.name)), ("count", JSONValue(row.known(row.count))),
      ("atLeast", .bool(row.known(row.count).quality == .atLeast)), ("sagas", JSONValue(row.known(row.sagas))),
      ("rate", JSONValue(rounded: row.rate)),
      ("firstAt", JSONValue(row.firstAt)), ("lastAt", JSONValue(row.lastAt)), ("new", .bool(row.isNew)),
      ("steps", .array(row.steps.map { counted("step", $0, row) })),
      ("nodes", .array(row.nodes.map { counted("node", $0, row) })),
      ("samples", .array(row.samples.map { .string($0.id) })),
    ])
  }

  private static func counted(_ kind: String, _ item: NamedCount, _ row: FailurePatternRow) -> JSONValue {
    .object([(kind, JSONValue(item.name)), ("count", JSONValue(row.known(item.count)))])
  }
}
