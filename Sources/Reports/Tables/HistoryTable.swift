import Core
import Text

/// The sections `compensations`, `failures` and `nodes` as tables.
enum HistoryTable {
  static let compensationShape = ReportTable.Shape(
    "compensations", of: .compensations,
    [
      .init("COMPENSATION"), .init("OUTCOME"), .init("TYPE", isWide: true), .init("FAILED STEP"), .init("UNDONE"),
      .init("REMAINING"), .init("STARTED", .time, isWide: true), .init("DURATION", .milliseconds), .init("TRIGGER"),
      .init("TRIES", .number), .init("ERROR"),
    ])

  static let failureShape = ReportTable.Shape(
    "failures", of: .failures,
    [
      .init("FAILURES", .number), .init("SAGAS", .number), .init("RATE", .perSecond),
      .init("FIRST", .time, isWide: true), .init("LAST", .time), .init("NEW"), .init("STEPS"), .init("NODES"),
      .init("PATTERN"),
    ])

  static let nodeShape = ReportTable.Shape(
    "nodes", of: .nodes,
    [
      .init("NODE"), .init("VERDICT"), .init("SHARE", .share), .init("EVEN SHARE", .share), .init("SAGAS", .number),
      .init("STEPS", .number), .init("FAILED", .number), .init("UNDONE", .number), .init("RATE", .perSecond),
      .init("P50", .milliseconds), .init("P95", .milliseconds), .init("PARTITIONS", .number), .init("REASON"),
    ])

  static func compensations(_ view: CompensationList, now: Timestamp) -> ReportTable {
    ReportTable(
      compensationShape,
      view.rows.map { row in
        [
          .text(row.sagaID), .text(row.outcome.name + (row.isStuck ? ",stuck" : "")), .text(row.type),
          .text(row.failedStep), .words(row.undone.map(\.step)), .words(row.owed.map(\.step)), .time(row.startedAt),
          .latency(row.duration(now: now)), .text(row.trigger.name), .count(row.attempts), .text(row.error),
        ]
      })
  }

  static func failures(_ view: FailureList) -> ReportTable {
    ReportTable(
      failureShape,
      view.rows.map { row in
        [
          .count(row.count, mark: row.isLowerBound ? ">" : ""), .count(row.sagas), .rate(row.rate),
          .time(row.firstAt), .time(row.lastAt),
          .text(row.isNew ? "new" : nil), .words(row.steps.map { $0.name ?? Quantity.unknown }),
          .words(row.nodes.map { $0.name ?? Quantity.unknown }), .text(row.pattern),
        ]
      })
  }

  static func nodes(_ view: NodeList) -> ReportTable {
    ReportTable(
      nodeShape,
      view.rows.map { row in
        [
          .text(row.node), .text(row.verdict.rawValue), .share(row.share), .share(row.evenShare), .count(row.sagas),
          .count(row.steps), .count(row.failed), .count(row.undone), .rate(row.rate), .latency(row.p50),
          .latency(row.p95), .count(row.partitions), .text(row.reason),
        ]
      })
  }
}
