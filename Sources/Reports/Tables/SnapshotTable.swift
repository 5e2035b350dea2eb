import Core

/// A snapshot as tables: no colour, nothing that a terminal could take for a command.
package enum SnapshotTable {
  package enum Style: Sendable {
    case table, wide, csv, markdown

    /// Every column of every table.
    var isWide: Bool { self == .wide || self == .csv }
  }

  /// Every table that there is, in the order in which they are printed.
  package static let shapes = [
    SagasTable.sourceShape, SagasTable.typeShape, SagasTable.sagaShape, LagTable.groupShape, LagTable.partitionShape,
    LagTable.topicShape, LocksTable.lockShape, LocksTable.patternShape, ServicesTable.instanceShape,
    ServicesTable.circuitShape, HistoryTable.compensationShape, HistoryTable.failureShape, HistoryTable.nodeShape,
    ChecksTable.shape,
  ]

  package static func text(
    _ report: SnapshotReport, sections: Set<SnapshotSection>, style: Style = .table,
    selection: TableSelection = TableSelection()
  ) -> String {
    var output = ""
    for shape in shapes where selection.isWanted(shape, isWide: style.isWide) {
      guard shape.section.map(sections.contains) ?? false else { continue }
      guard let whole = table(shape, report), let table = selection.apply(to: whole, isWide: style.isWide) else {
        continue
      }
      if !output.isEmpty { output += style == .csv ? "\r\n" : "\n" }
      switch style {
      case .table, .wide: AlignedTable.write(table, hasHeaders: selection.hasHeaders, to: &output)
      case .csv: CSVTable.write(table, hasHeaders: selection.hasHeaders, to: &output)
      case .markdown: MarkdownTable.write(table, hasHeaders: selection.hasHeaders, to: &output)
      }
    }
    return output
  }

  /// `nil` where what it is about was not read.
  private static func table(_ shape: ReportTable.Shape, _ report: SnapshotReport) -> ReportTable? {
    let now = report.snapshot.header.now
    return switch shape.name {
    case SagasTable.sourceShape.name: SagasTable.sources(report.snapshot)
    case SagasTable.typeShape.name: SagasTable.types(report.snapshot.overview)
    case SagasTable.sagaShape.name: SagasTable.sagas(report.snapshot)
    case HistoryTable.compensationShape.name: HistoryTable.compensations(report.snapshot.compensations, now: now)
    case HistoryTable.failureShape.name: HistoryTable.failures(report.snapshot.failures)
    case HistoryTable.nodeShape.name: HistoryTable.nodes(report.snapshot.nodes)
    case LagTable.groupShape.name: report.lag.map(LagTable.groups)
    case LagTable.partitionShape.name: report.lag.map(LagTable.partitions)
    case LagTable.topicShape.name: report.lag.map(LagTable.topics)
    case LocksTable.lockShape.name: report.locks.map(LocksTable.locks)
    case LocksTable.patternShape.name: report.locks.map(LocksTable.patterns)
    case ServicesTable.instanceShape.name: report.services.map { ServicesTable.instances($0, now: now) }
    case ServicesTable.circuitShape.name: report.services.map { ServicesTable.circuits($0, now: now) }
    case ChecksTable.shape.name: report.checks.isEmpty ? nil : ChecksTable.table(report.checks)
    default: nil
    }
  }
}
