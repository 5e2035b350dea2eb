import Core
import Reports
import TUI
import Text

/// Rejects invalid combinations of options of `sagatop snapshot`.
enum SnapshotUsage {
  static func check(_ invocation: Invocation) throws(UsageError) {
    let format = invocation.format
    if invocation.saga != nil, !format.isPicture {
      throw UsageError(message: "--saga: needs -o screen or -o svg")
    }
    if invocation.tables.isAsked, format.tableStyle == nil, !format.isPicture || invocation.tables.hasTables {
      throw UsageError(message: "--tables, --columns and --no-headers need -o table, wide, csv or markdown")
    }
    if invocation.filter != nil || invocation.tables.order != nil, format.tableStyle == nil, format != .json,
      !format.isPicture
    {
      throw UsageError(message: "--filter and --sort need -o json, table, wide, csv, markdown, screen or svg")
    }
    do throws(SnapshotSelection.Invalid) { _ = try selection(invocation) } catch {
      throw UsageError(message: error.message)
    }
    if invocation.tables.isForSpreadsheets, format != .csv {
      throw UsageError(message: "--spreadsheet: needs -o csv")
    }
    if !invocation.labels.isEmpty, format != .prometheus {
      throw UsageError(message: "--label: needs -o prometheus")
    }
    try checkColumns(invocation)
    if !invocation.recording.files.isEmpty, invocation.interval != nil || !invocation.conditions.isEmpty {
      throw UsageError(message: "--watch and --until cannot be combined with --from: a recording does not change")
    }
    if invocation.hasChanges, invocation.interval == nil || format != .json || invocation.output != nil {
      throw UsageError(message: "--changes: needs -o json and --watch, without --to")
    }
    if invocation.interval != nil, !format.isLine, invocation.output == nil {
      throw UsageError(message: "--watch: needs -o json or nagios, or --to FILE")
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

  /// Rejects columns and orders that none of the selected tables has. They would be ignored silently otherwise. Pictures show views of the
  /// live screen, which have other columns.
  private static func checkColumns(_ invocation: Invocation) throws(UsageError) {
    let (tables, isPicture) = (invocation.tables, invocation.format.isPicture)
    let kinds = SnapshotTable.kinds.filter { tables.tables.isEmpty || tables.tables.contains($0.name) }
    let columns = isPicture ? Views.columns(of: invocation.view) : kinds.flatMap(\.columns).map(\.name)
    let orders = isPicture ? Views.orders(of: invocation.view) : kinds.flatMap(\.orders)
    let place: String? =
      isPicture
      ? "the view \(invocation.view.name)" : tables.tables.isEmpty ? nil : tables.tables.joined(separator: ", ")
    for name in tables.columns where !columns.contains(name) { throw unknown(name, "--columns", columns, of: place) }
    if let name = tables.order?.column, !(columns + orders).contains(name) {
      throw unknown(name, "--sort", columns + orders, of: place)
    }
  }

  /// Lists the known words only of selected tables: all tables together have too many.
  private static func unknown(_ name: String, _ option: String, _ known: [String], of place: String?) -> UsageError {
    let words = known.reduce(into: [String]()) { words, word in if !words.contains(word) { words.append(word) } }
    let hint = NearestWord.hint(name, among: words)
    guard let place else {
      let tables = SnapshotTable.kinds.map(\.name).joined(separator: ", ")
      return UsageError(message: "\(option): no table has `\(name)`\(hint); --tables selects tables: \(tables)")
    }
    return UsageError(
      message: "\(option): no chosen table has `\(name)`\(hint) (\(place): \(words.joined(separator: ", ")))")
  }
}

extension TableSelection {
  fileprivate var isAsked: Bool { hasTables || !columns.isEmpty }
  fileprivate var hasTables: Bool { !tables.isEmpty || !hasHeaders }
}
