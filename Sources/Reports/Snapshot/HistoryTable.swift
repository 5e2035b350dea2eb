import Core

/// The sections `compensations`, `failures` and `nodes` as aligned columns.
enum HistoryTable {
  static func compensations(_ view: CompensationListView, now: Timestamp) -> String {
    let rows = view.rows.map { row in
      [
        row.sagaID, row.outcome.name + (row.isStuck ? ",stuck" : ""), row.failedStep ?? Quantity.unknown,
        list(row.undone.map(\.step)), list(row.owed.map(\.step)), Quantity.latency(row.duration(now: now)),
        row.trigger.name, "\(row.attempts)", row.startedAt.iso8601, row.error ?? Quantity.unknown,
      ]
    }
    return AlignedText.table(
      [
        "COMPENSATION", "OUTCOME", "FAILED STEP", "UNDONE", "REMAINING", "DURATION", "TRIGGER", "TRIES", "STARTED",
        "ERROR",
      ], rows, right: [5, 7])
  }

  static func failures(_ view: FailureListView) -> String {
    let rows = view.rows.map { row in
      [
        (row.isLowerBound ? ">" : "") + "\(row.count)", "\(row.sagas)", Quantity.rate(row.rate),
        row.firstAt.iso8601, row.lastAt.iso8601, row.isNew ? "new" : Quantity.unknown,
        list(row.steps.map { $0.name ?? Quantity.unknown }), list(row.nodes.map { $0.name ?? Quantity.unknown }),
        row.pattern,
      ]
    }
    return AlignedText.table(
      ["FAILURES", "SAGAS", "RATE", "FIRST", "LAST", "NEW", "STEPS", "NODES", "PATTERN"], rows, right: [0, 1, 2])
  }

  static func nodes(_ view: NodeListView) -> String {
    let rows = view.rows.map { row in
      [
        row.node, row.verdict.rawValue, Quantity.share(row.share), Quantity.share(row.evenShare), number(row.sagas),
        number(row.steps), number(row.failed), number(row.undone), Quantity.rate(row.rate), Quantity.latency(row.p50),
        Quantity.latency(row.p95), number(row.partitions), row.reason,
      ]
    }
    return AlignedText.table(
      [
        "NODE", "VERDICT", "SHARE", "EVEN SHARE", "SAGAS", "STEPS", "FAILED", "UNDONE", "RATE", "P50", "P95",
        "PARTITIONS", "REASON",
      ], rows, right: Set(2...11))
  }

  private static func number(_ value: Int?) -> String { value.map { "\($0)" } ?? Quantity.unknown }

  private static func list(_ words: [String]) -> String {
    words.isEmpty ? Quantity.unknown : words.joined(separator: ",")
  }
}
