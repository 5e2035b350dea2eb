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
      "output", short: "o", value: "FORMAT", "output format, see below (default: the first)",
      commands: [.snapshot, .why, .report, .ready, .retry, .compensate, .act, .actions, .runs, .doctor]
    ) { (invocation, text) throws(UsageError) in
      // The valid formats depend on the command, which may follow.
      (invocation.wantedFormat, invocation.formatText) = (Invocation.Format(rawValue: text), text)
    },
    option("sections", value: "LIST", "sections: sources, sagas, lag, ... (default all)") {
      (invocation, text) throws(UsageError) in
      invocation.sections = try OptionValue.words(text, of: "--sections", SnapshotSection.self)
    },
    option(
      "to", value: "FILE", "write the complete output to a file",
      commands: [.snapshot, .why, .report, .ready, .initialize]
    ) {
      (invocation, text) throws(UsageError) in
      if text.isEmpty { throw UsageError(message: "--to: expected the name of a file") }
      invocation.output = text
    },
  ]

  private static let tables: [Option] = [
    option("tables", value: "LIST", "tables: sagas, groups, partitions, ...") {
      (invocation, text) throws(UsageError) in
      invocation.tables.tables = try OptionValue.list(text, of: "--tables", among: SnapshotTable.kinds.map(\.name))
    },
    option("columns", value: "LIST", "columns, in this order") { (invocation, text) throws(UsageError) in
      invocation.tables.columns = try OptionValue.list(text, of: "--columns")
    },
    option("sort", value: "WORD", "a column or order; -WORD reverses it") {
      (invocation, text) throws(UsageError) in
      let name = text.hasPrefix("-") ? String(text.dropFirst()) : text
      let column = try OptionValue.list(name, of: "--sort")[0]
      invocation.tables.order = TableSelection.Order(column: column, isDescending: text.hasPrefix("-"))
    },
    option("no-headers", "print no table headers") { invocation, _ in invocation.tables.hasHeaders = false },
    option("spreadsheet", "escape formulas in CSV") { invocation, _ in
      invocation.tables.isForSpreadsheets = true
    },
    option("label", value: "NAME=VALUE", "label of every metric; repeatable") {
      (invocation, text) throws(UsageError) in
      invocation.labels.append(try OptionValue.label(text, after: invocation.labels))
    },
  ]

  private static let picture: [Option] = [
    option("view", value: "NAME", "view of the picture (default overview)") {
      (invocation, text) throws(UsageError) in
      invocation.view = try OptionValue.view(text)
    },
    option("saga", value: "ID", "saga of the picture") { $0.saga = $1 },
    option("size", value: "WxH", "size of the picture (default 120x40)") {
      (invocation, text) throws(UsageError) in
      invocation.size = try OptionValue.size(text)
    },
    option("color", "with -o screen: use colours") { invocation, _ in invocation.hasScreenColor = true },
  ]

  private static let judging: [Option] = [
    option("check", value: "CHECK", "NAME[:WARN:CRIT], such as stuck:1:5; repeatable") { invocation, text in
      invocation.checks.append(text)
    },
    option("require", value: "LIST", "required sources: kafka, lag, redis, ...") {
      (invocation, text) throws(UsageError) in
      invocation.required = try OptionValue.words(text, of: "--require", SourceKind.self)
    },
  ]

  private static let ending: [Option] = [
    option(
      "timeout", value: "TIME", "print incomplete results after this (default 10s)",
      commands: [.snapshot, .why, .report, .ready, .initialize, .retry, .compensate, .act, .doctor]
    ) {
      (invocation, text) throws(UsageError) in
      invocation.timeout = try OptionValue.duration(text, of: "--timeout")
      invocation.hasTimeout = true
    },
    option("watch", value: "TIME", "repeat at this interval") { (invocation, text) throws(UsageError) in
      let interval = try OptionValue.duration(text, of: "--watch")
      guard interval >= .milliseconds(100) else {
        throw UsageError(message: "--watch: expected 100ms or more, found `\(text)`")
      }
      invocation.interval = interval
    },
    option("changes", "with --watch: print only changes after the first") { invocation, _ in
      invocation.hasChanges = true
    },
    option("until", value: "CONDITION", "wait until it holds, such as stuck==0") {
      (invocation, text) throws(UsageError) in
      do throws(CheckParser.Invalid) { invocation.conditions.append(try CheckParser.condition(text)) } catch {
        throw UsageError(message: "--until: \(error.message)")
      }
    },
  ]
}
