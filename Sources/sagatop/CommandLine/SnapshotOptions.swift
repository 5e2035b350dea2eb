import Core
import Reports
import TUI

/// The options of `sagatop snapshot`, in the order of the help.
enum SnapshotOptions {
  static let all: [Option] = contents + tables + picture + judging + ending

  private static func option(
    _ long: String, short: Character? = nil, value: String? = nil, _ help: String,
    commands: Set<Invocation.Command> = [.snapshot],
    apply: @escaping @Sendable (inout Invocation, String) throws(UsageError) -> Void
  ) -> Option {
    Option(long, short: short, value: value, help, commands: commands, apply: apply)
  }

  private static let contents: [Option] = [
    option(
      "output", short: "o", value: "FORMAT", "one of those below (default: the first)",
      commands: [.snapshot, .why, .report, .ready, .retry, .compensate, .act, .actions, .runs, .doctor]
    ) { (invocation, text) throws(UsageError) in
      invocation.wantedFormat = try OptionValue.word(text, of: "--output", Invocation.Format.self)
    },
    option("sections", value: "LIST", "what it holds: sources, sagas, lag, ... (default all)") {
      (invocation, text) throws(UsageError) in
      invocation.sections = try OptionValue.words(text, of: "--sections", SnapshotSection.self)
    },
    option(
      "to", value: "FILE", "write to a file, whole or not at all",
      commands: [.snapshot, .why, .report, .ready, .initialize]
    ) {
      (invocation, text) throws(UsageError) in
      if text.isEmpty { throw UsageError(message: "--to: expected a file's name") }
      invocation.output = text
    },
  ]

  private static let tables: [Option] = [
    option("tables", value: "LIST", "which tables: sagas, groups, partitions, ...") {
      (invocation, text) throws(UsageError) in
      invocation.tables.tables = try OptionValue.list(text, of: "--tables", among: SnapshotTable.kinds.map(\.name))
    },
    option("columns", value: "LIST", "which columns, in this order") { (invocation, text) throws(UsageError) in
      invocation.tables.columns = try OptionValue.list(text, of: "--columns", among: columns + Views.columns)
    },
    option("sort", value: "WORD", "a column or a list's order; -WORD turns it round") {
      (invocation, text) throws(UsageError) in
      let name = text.hasPrefix("-") ? String(text.dropFirst()) : text
      let known = columns + orders.filter { !columns.contains($0) } + Views.orders
      let column = try OptionValue.list(name, of: "--sort", among: known)[0]
      invocation.tables.order = TableSelection.Order(column: column, isDescending: text.hasPrefix("-"))
    },
    option("no-headers", "tables without their titles") { invocation, _ in invocation.tables.hasHeaders = false },
    option("spreadsheet", "CSV in which no text is a formula") { invocation, _ in
      invocation.tables.isForSpreadsheets = true
    },
    option("label", value: "NAME=VALUE", "a label of every series of metrics; repeatable") {
      (invocation, text) throws(UsageError) in
      invocation.labels.append(try OptionValue.label(text, after: invocation.labels))
    },
  ]

  private static let orders: [String] = SnapshotTable.kinds.flatMap(\.orders).reduce(into: []) { names, name in
    if !names.contains(name) { names.append(name) }
  }

  /// Column names of all tables, without duplicates.
  static let columns: [String] = SnapshotTable.kinds.flatMap(\.columns).reduce(into: []) { names, column in
    if !names.contains(column.name) { names.append(column.name) }
  }

  private static let picture: [Option] = [
    option("view", value: "NAME", "the view that the picture shows (default overview)") {
      (invocation, text) throws(UsageError) in
      invocation.view = try OptionValue.view(text)
    },
    option("saga", value: "ID", "the saga that the picture shows") { $0.saga = $1 },
    option("size", value: "WxH", "columns and rows of the picture (default 120x40)") {
      (invocation, text) throws(UsageError) in
      invocation.size = try OptionValue.size(text)
    },
    option("color", "for -o screen: with colours") { invocation, _ in invocation.hasScreenColor = true },
  ]

  private static let judging: [Option] = [
    option("check", value: "CHECK", "NAME[:WARN:CRIT], such as stuck:1:5; repeatable") { invocation, text in
      invocation.checks.append(text)
    },
    option("require", value: "LIST", "what must be read: kafka, lag, redis, services, ...") {
      (invocation, text) throws(UsageError) in
      invocation.required = try OptionValue.words(text, of: "--require", SourceKind.self)
    },
  ]

  private static let ending: [Option] = [
    option(
      "timeout", value: "TIME", "give what there is after this (default 10s)",
      commands: [.snapshot, .why, .report, .ready, .initialize, .retry, .compensate, .act, .doctor]
    ) {
      (invocation, text) throws(UsageError) in
      invocation.timeout = try OptionValue.duration(text, of: "--timeout")
      invocation.hasTimeout = true
    },
    option("watch", value: "TIME", "take one again and again, a line each") { (invocation, text) throws(UsageError) in
      let interval = try OptionValue.duration(text, of: "--watch")
      guard interval >= .milliseconds(100) else {
        throw UsageError(message: "--watch: expected 100ms or more, found `\(text)`")
      }
      invocation.interval = interval
    },
    option("changes", "with --watch: after the first line only what changed") { invocation, _ in
      invocation.hasChanges = true
    },
    option("until", value: "CONDITION", "wait for it, such as stuck==0; 2 at the timeout") {
      (invocation, text) throws(UsageError) in
      do throws(CheckParser.Invalid) { invocation.conditions.append(try CheckParser.condition(text)) } catch {
        throw UsageError(message: "--until: \(error.message)")
      }
    },
  ]
}
