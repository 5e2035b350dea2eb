import Core

/// A snapshot as tables, without colours and escaped for a terminal.
package enum SnapshotTable {
  package enum Style: Sendable {
    case table, wide, csv, markdown

    /// Whether all columns of all tables are included.
    var isWide: Bool { self == .wide || self == .csv }
  }

  /// A type of table that a snapshot can contain.
  package struct Kind: Sendable {
    package let name: String
    package let section: SnapshotSection
    package let columns: [ColumnHead]
    /// The words allowed in `--filter`.
    package let vocabulary: FilterVocabulary
    /// The words allowed in `--sort` in addition to the columns.
    package let orders: [String]
    /// Included only in `-o wide` and `-o csv`, unless requested.
    let isWide: Bool
    let make: @Sendable (SnapshotReport) -> ReportTable?

    /// For a list, which the report filters. `rows` returns `nil` if the data was not read.
    init<Row: TableRow & ListRow, Order: ListOrder>(
      _ name: String, of section: SnapshotSection, orders: Order.Type,
      rows: @escaping @Sendable (SnapshotReport) -> [Row]?
    ) {
      self.init(name, section, Row.vocabulary, orders.allCases.map(\.rawValue), false, rows)
    }

    /// For data that is not a list; it is filtered here.
    init<Row: TableRow & Filterable>(
      _ name: String, of section: SnapshotSection, isWide: Bool = false,
      rows: @escaping @Sendable (SnapshotReport) -> [Row]?
    ) {
      self.init(name, section, FilterVocabulary(name, Row.self), [], isWide) { report in
        let filter = report.filters[name] ?? .all
        return rows(report)?.filter { filter.matches($0, now: report.snapshot.header.now) }
      }
    }

    private init<Row: TableRow>(
      _ name: String, _ section: SnapshotSection, _ vocabulary: FilterVocabulary, _ orders: [String], _ isWide: Bool,
      _ rows: @escaping @Sendable (SnapshotReport) -> [Row]?
    ) {
      self.name = name
      self.section = section
      self.vocabulary = vocabulary
      self.orders = orders
      self.isWide = isWide
      columns = Row.columns.map(\.head)
      make = { report in rows(report).map { ReportTable(name, $0, now: report.snapshot.header.now) } }
    }
  }

  /// In the order of output.
  package static let kinds: [Kind] = [
    Kind("sources", of: .sources) { $0.snapshot.header.sources },
    Kind("types", of: .sagas) { $0.snapshot.overview.typeLines },
    Kind("sagas", of: .sagas, orders: SagaOrder.self) { $0.snapshot.overview.sagas.rows },
    Kind("groups", of: .lag, orders: GroupOrder.self) { $0.lag?.list.rows },
    Kind("partitions", of: .lag, isWide: true) { $0.lag?.partitions },
    Kind("topics", of: .lag, orders: TopicOrder.self) { $0.lag?.topics.rows },
    Kind("locks", of: .locks, orders: LockOrder.self) { $0.locks?.rows },
    Kind("patterns", of: .locks) { $0.locks?.patternLines },
    Kind("services", of: .services, orders: ServiceOrder.self) { $0.services?.instances },
    Kind("circuits", of: .services) { $0.services?.circuits },
    Kind("compensations", of: .compensations, orders: CompensationOrder.self) { $0.snapshot.compensations.rows },
    Kind("failures", of: .failures, orders: FailureOrder.self) { $0.snapshot.failures.rows },
    Kind("nodes", of: .nodes, orders: NodeOrder.self) { $0.snapshot.nodes.rows },
    Kind("checks", of: .checks) { $0.checks.isEmpty ? nil : $0.checks },
  ]

  package static func text(
    _ report: SnapshotReport, sections: Set<SnapshotSection>, style: Style = .table,
    selection: TableSelection = TableSelection()
  ) -> String {
    var output = ""
    for kind in kinds where sections.contains(kind.section) && selection.isWanted(kind, isWide: style.isWide) {
      guard let whole = kind.make(report), let table = selection.apply(to: whole, isWide: style.isWide) else {
        continue
      }
      if !output.isEmpty { output += style == .csv ? "\r\n" : "\n" }
      switch style {
      case .table, .wide:
        AlignedTable.write(table, hasHeaders: selection.hasHeaders, isElided: selection.isElided, to: &output)
      case .csv:
        CSVTable.write(
          table, hasHeaders: selection.hasHeaders, isForSpreadsheets: selection.isForSpreadsheets, to: &output)
      case .markdown: MarkdownTable.write(table, hasHeaders: selection.hasHeaders, to: &output)
      }
    }
    return output
  }
}

extension LagReport {
  var partitions: [GroupPartitionLine] {
    groups.flatMap { group in group.partitions.map { GroupPartitionLine(group: group.row.name, row: $0) } }
  }
}

extension LockList {
  var patternLines: [LockPatternLine] {
    patterns.map { LockPatternLine($0, coverage) } + counted.map { LockPatternLine($0, coverage) }
  }
}

extension ServiceList {
  /// The lines for single instances.
  var instances: [ServiceLine] { rows.filter { $0.single != nil } }

  var circuits: [CircuitLine] {
    services.flatMap { service in
      service.instances.flatMap { instance in
        instance.circuits.map { CircuitLine(service: service.name, node: instance.node, row: $0) }
      }
    }
  }
}

/// Which tables, columns and rows are printed, and in which order.
package struct TableSelection: Sendable {
  package struct Order: Sendable {
    package var column: String
    package var isDescending: Bool

    package init(column: String, isDescending: Bool = false) {
      self.column = column
      self.isDescending = isDescending
    }
  }

  /// Table names. Empty for the tables of the sections.
  package var tables: [String] = []
  /// Column names in the order of output. Empty for all. A table without any of them is omitted.
  package var columns: [String] = []
  /// Applies to the tables with this column.
  package var order: Order?
  package var hasHeaders = true
  /// Cuts values wider than 48 columns, so that they fit on a terminal.
  package var isElided = false
  /// CSV for a spreadsheet: no text is interpreted as a formula.
  package var isForSpreadsheets = false

  package init() {}

  /// `nil` if none of the requested columns exists.
  func apply(to table: ReportTable, isWide: Bool) -> ReportTable? {
    var table = table
    sort(&table)
    var places = table.shape.columns.indices.filter { isWide || !table.shape.columns[$0].isWide }
    if !columns.isEmpty {
      places = columns.compactMap { name in table.shape.columns.firstIndex { $0.name == name } }
      if places.isEmpty { return nil }
    }
    if places.count == table.shape.columns.count, columns.isEmpty { return table }
    table.shape.columns = places.map { table.shape.columns[$0] }
    table.rows = table.rows.map { row in places.map { row[$0] } }
    return table
  }

  /// Whether the table is printed. Other tables need not be created.
  func isWanted(_ kind: SnapshotTable.Kind, isWide: Bool) -> Bool {
    if !tables.isEmpty { return tables.contains(kind.name) }
    return isWide || !kind.isWide
  }

  private func sort(_ table: inout ReportTable) {
    guard let order, let place = table.shape.columns.firstIndex(where: { $0.name == order.column }) else { return }
    let sorted = table.rows.enumerated().sorted { left, right in
      ColumnValue.comesBefore(left.element[place], right.element[place], isDescending: order.isDescending)
        ?? (left.offset < right.offset)
    }
    table.rows = sorted.map(\.element)
  }
}
