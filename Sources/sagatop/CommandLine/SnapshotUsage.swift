import Core
import Reports
import Text

/// Rejects invalid combinations of options of `sagatop snapshot`.
enum SnapshotUsage {
  static func check(_ invocation: Invocation) throws(UsageError) {
    let format = invocation.format
    if invocation.saga != nil, !format.isPicture {
      throw UsageError(message: "--saga: only a picture shows one saga; add -o screen or -o svg")
    }
    if invocation.tables.isAsked, format.tableStyle == nil, !format.isPicture || invocation.tables.hasTables {
      throw UsageError(message: "--tables, --columns and --no-headers are for -o table, wide, csv and markdown")
    }
    if invocation.filter != nil || invocation.tables.order != nil, format.tableStyle == nil, format != .json,
      !format.isPicture
    {
      throw UsageError(message: "--filter and --sort are for -o json, table, wide, csv, markdown, screen and svg")
    }
    do throws(SnapshotSelection.Invalid) { _ = try selection(invocation) } catch {
      throw UsageError(message: error.message)
    }
    if invocation.tables.isForSpreadsheets, format != .csv {
      throw UsageError(message: "--spreadsheet: is for -o csv")
    }
    if !invocation.labels.isEmpty, format != .prometheus {
      throw UsageError(message: "--label: only metrics have labels; add -o prometheus")
    }
    // Pictures show views of the live screen, which have other columns.
    if !format.isPicture {
      _ = try OptionValue.list(invocation.tables.columns, of: "--columns", among: SnapshotOptions.columns)
      try checkColumns(invocation.tables)
    }
    if !invocation.recording.files.isEmpty, invocation.interval != nil || !invocation.conditions.isEmpty {
      throw UsageError(message: "--watch and --until: a recording does not change; leave out --from")
    }
    if invocation.hasChanges, invocation.interval == nil || format != .json || invocation.output != nil {
      throw UsageError(message: "--changes: is for lines of JSON: add --watch, without --to")
    }
    if invocation.interval != nil, !format.isLine, invocation.output == nil {
      throw UsageError(message: "--watch: prints lines, as -o json or nagios; another format needs --to FILE")
    }
  }

  /// The filter and order for the selected lists.
  static func selection(_ invocation: Invocation) throws(SnapshotSelection.Invalid) -> SnapshotSelection {
    // For a picture, the view applies the filter and the order.
    guard !invocation.format.isPicture else { return .all }
    return try SnapshotSelection(
      filter: invocation.filter, order: invocation.tables.order, tables: invocation.tables.tables,
      sections: invocation.sections)
  }

  /// Rejects columns that none of the selected tables has. They would be ignored silently otherwise.
  private static func checkColumns(_ selection: TableSelection) throws(UsageError) {
    guard !selection.tables.isEmpty else { return }
    let kinds = SnapshotTable.kinds.filter { selection.tables.contains($0.name) }
    let known = kinds.flatMap(\.columns).map(\.name)
    let orders = Set(kinds.flatMap(\.orders))
    let sorted = selection.order.map(\.column).flatMap { orders.contains($0) ? nil : $0 }
    let chosen = selection.columns.map { ("--columns", $0) } + (sorted.map { [("--sort", $0)] } ?? [])
    for (option, name) in chosen where !known.contains(name) {
      let hint = NearestWord.hint(name, among: known)
      throw UsageError(
        message: "\(option): no chosen table has `\(name)`\(hint) (they have \(known.joined(separator: ", ")))")
    }
  }
}

extension TableSelection {
  fileprivate var isAsked: Bool { hasTables || !columns.isEmpty }
  fileprivate var hasTables: Bool { !tables.isEmpty || !hasHeaders }
}
