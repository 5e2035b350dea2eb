import Core

/// The sections `sources` and `sagas` as tables.
enum SagasTable {
  static let sourceShape = ReportTable.Shape(
    "sources", of: .sources,
    [
      .init("SOURCE"), .init("PHASE"), .init("MESSAGES", .number), .init("LATENCY", .milliseconds),
      .init("LAST SUCCESS", .time), .init("TOPICS", .number, isWide: true), .init("PARTITIONS", .number, isWide: true),
      .init("ERROR"),
    ])

  static let typeShape = ReportTable.Shape(
    "types", of: .sagas,
    [
      .init("TYPE"), .init("RUNNING", .number), .init("COMPLETED", .number), .init("COMPENSATING", .number),
      .init("COMPENSATED", .number), .init("FAILED", .number), .init("DECLINED", .number, isWide: true),
      .init("ENDED", .number, isWide: true), .init("STUCK", .number), .init("RATE", .perSecond),
      .init("COMPLETION", .share), .init("P50", .milliseconds), .init("P95", .milliseconds),
      .init("P99", .milliseconds),
    ])

  static let sagaShape = ReportTable.Shape(
    "sagas", of: .sagas,
    [
      .init("SAGA"), .init("TYPE"), .init("STATUS"), .init("STEP"), .init("AGE", .milliseconds),
      .init("STARTED", .time), .init("UPDATED", .time, isWide: true), .init("ENDED", .time, isWide: true),
      .init("DEADLINE", .milliseconds, isWide: true), .init("FAILED STEP", isWide: true), .init("NODE"),
      .init("ERROR"),
    ])

  static func sources(_ snapshot: SnapshotView) -> ReportTable {
    ReportTable(
      sourceShape,
      snapshot.header.sources.map { source in
        [
          .text(source.name), .text(source.phase.rawValue), .count(source.messages), .latency(source.latency),
          .time(source.lastSuccess), .count(source.topics), .count(source.partitions),
          .text(([source.error].compactMap { $0 } + source.notes).joined(separator: "; ")),
        ]
      })
  }

  static func types(_ overview: OverviewView) -> ReportTable {
    let coverage = overview.coverage
    func count(_ number: Int) -> Cell { .count(coverage.known(number)) }
    func active(_ number: Int) -> Cell { .count(coverage.exactly(number)) }
    return ReportTable(
      typeShape,
      overview.types.map { type in
        [
          .text(type.type), active(type.counts.running), count(type.counts.completed),
          active(type.counts.compensating), count(type.counts.compensated), count(type.counts.failed),
          count(type.counts.declined), count(type.counts.ended), count(type.counts.stuck), .rate(type.startRate),
          .share(coverage.exactly(type.completionRate).value),
          .latency(type.p50), .latency(type.p95), .latency(type.p99),
        ]
      })
  }

  static func sagas(_ snapshot: SnapshotView) -> ReportTable {
    ReportTable(
      sagaShape,
      snapshot.overview.sagas.rows.map { row in
        [
          .text(row.id), .text(row.type), .text(([row.status.name] + row.flags.names).joined(separator: ",")),
          .text(row.step), .age(snapshot.header.now - row.startedAt), .time(row.startedAt), .time(row.updatedAt),
          .time(row.endedAt), .age(row.deadline), .text(row.failedStep), .text(row.node), .text(row.error),
        ]
      })
  }
}
