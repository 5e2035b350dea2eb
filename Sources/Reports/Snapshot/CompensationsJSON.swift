import Core
import Text

/// The members `compensations` and `compensationSums` of the snapshot, as docs/snapshot.md describes them.
enum CompensationsJSON {
  static func members(_ view: CompensationList, now: Timestamp) -> [(String, JSONValue)] {
    [
      ("compensations", .array(view.rows.map { compensation($0, now: now) })),
      ("compensationSums", sums(view.sums)),
    ]
  }

  private static func compensation(_ view: CompensationView, now: Timestamp) -> JSONValue {
    var person: String?
    if case .operator(let name) = view.trigger { person = name }
    return .object([
      ("saga", .string(view.sagaID)), ("type", .string(view.type)), ("failedStep", JSONValue(view.failedStep)),
      ("error", JSONValue(view.error)), ("node", JSONValue(view.node)), ("product", JSONValue(view.product)),
      ("steps", .array(view.undone.map { .string($0.step) })),
      ("remaining", .array(view.owed.map { .string($0.step) })), ("undone", .array(view.undone.map(undoing))),
      ("notUndone", .array(view.owed.filter(\.hasFailed).map(failure))), ("startedAt", JSONValue(view.startedAt)),
      ("endedAt", JSONValue(view.endedAt)), ("durationMs", JSONValue(milliseconds: view.duration(now: now))),
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
    .object([
      ("backlog", JSONValue(sums.backlog)), ("compensating", JSONValue(sums.compensating)),
      ("stuck", JSONValue(sums.stuck)), ("failed", JSONValue(sums.failed)),
      ("compensated", JSONValue(sums.compensated)), ("startRate", JSONValue(rounded: sums.startRate)),
      ("doneRate", JSONValue(rounded: sums.doneRate)), ("failRate", JSONValue(rounded: sums.failRate)),
      (
        "durationMs",
        .object([("mean", JSONValue(milliseconds: sums.mean)), ("p95", JSONValue(milliseconds: sums.p95))])
      ),
      (
        "causes",
        .array(
          sums.causes.map { cause in
            .object([
              ("type", .string(cause.type)), ("step", JSONValue(cause.step)), ("count", JSONValue(cause.count)),
              ("rate", JSONValue(rounded: cause.rate)),
            ])
          })
      ),
      (
        "concentrations",
        .array(
          sums.concentrations.map { item in
            .object([
              ("kind", .string(item.kind.rawValue)), ("name", .string(item.name)), ("count", JSONValue(item.count)),
              ("share", JSONValue(rounded: item.share)),
            ])
          })
      ),
    ])
  }
}
