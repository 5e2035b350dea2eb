package typealias SagaQuery = ListQuery<SagaOrder, SagaHandle>
package typealias SagaList = ListWindow<SagaRow>

package enum SagaOrder: String, ListOrder {
  /// Sagas that need a person first: failed, stuck, compensating, running, then the ended ones. Rows do not move: active sagas are sorted
  /// oldest first, ended ones newest first.
  case severity
  case updated
  case started
  case age
  case id
  case type
  case status
  case step
  case node

  package static let standard = SagaOrder.severity
}

extension SagaRow: ListRow {
  package var rowID: SagaHandle { handle }
}

extension SagaRow: TableRow {
  package static let columns: [Column<SagaRow>] = [
    .init("SAGA") { row, _ in .text(row.id) },
    .init("TYPE") { row, _ in .text(row.type) },
    .init("STATUS") { row, _ in .text(([row.status.name] + row.flags.names).joined(separator: ",")) },
    .init("STEP") { row, _ in .text(row.step) },
    .init("AGE", .milliseconds) { row, now in .age(now - row.startedAt) },
    .init("STARTED", .time) { row, _ in .time(row.startedAt) },
    .init("UPDATED", .time, isWide: true) { row, _ in .time(row.updatedAt) },
    .init("ENDED", .time, isWide: true) { row, _ in .time(row.endedAt) },
    .init("DEADLINE", .milliseconds, isWide: true) { row, _ in .age(row.deadline) },
    .init("FAILED STEP", isWide: true) { row, _ in .text(row.failedStep) },
    .init("NODE") { row, _ in .text(row.node) },
    .init("ERROR") { row, _ in .text(row.error) },
  ]
}

/// The sums of one type, and their coverage.
package struct TypeLine: TableRow, Filterable {
  var type: TypeView
  var coverage: SourceCoverage

  private func count(_ number: Int) -> ColumnValue { .count(coverage.known(number)) }
  private func active(_ number: Int) -> ColumnValue { .count(coverage.exactly(number)) }
  private func duration(_ time: Duration?) -> ColumnValue { .latency(coverage.exactly(time).value) }

  package static let columns: [Column<TypeLine>] = [
    .init("TYPE") { row, _ in .text(row.type.type) },
    .init("RUNNING", .number) { row, _ in row.active(row.type.counts.running) },
    .init("COMPLETED", .number) { row, _ in row.count(row.type.counts.completed) },
    .init("COMPENSATING", .number) { row, _ in row.active(row.type.counts.compensating) },
    .init("COMPENSATED", .number) { row, _ in row.count(row.type.counts.compensated) },
    .init("FAILED", .number) { row, _ in row.count(row.type.counts.failed) },
    .init("DECLINED", .number, isWide: true) { row, _ in row.count(row.type.counts.declined) },
    .init("ENDED", .number) { row, _ in row.count(row.type.counts.ended) },
    .init("STUCK", .number) { row, _ in row.count(row.type.counts.stuck) },
    .init("RATE", .perSecond) { row, _ in .rate(row.type.startRate) },
    .init("COMPLETION", .share) { row, _ in .share(row.coverage.exactly(row.type.completionRate).value) },
    .init("P50", .milliseconds) { row, _ in row.duration(row.type.p50) },
    .init("P95", .milliseconds) { row, _ in row.duration(row.type.p95) },
    .init("P99", .milliseconds) { row, _ in row.duration(row.type.p99) },
  ]

  package static let filterWords = FilterWord.words(
    of: columns, beside: [.init("type", .name, isSearched: true) { row, _ in .texts(row.type.type) }])
}

extension OverviewView {
  package var typeLines: [TypeLine] { types.map { TypeLine(type: $0, coverage: coverage) } }
}
