import Core
import Reports
import Text

/// What cannot be said together on the command line of `sagatop snapshot`.
enum SnapshotUsage {
  static func check(_ invocation: Invocation) throws(UsageError) {
    let format = invocation.format
    if invocation.saga != nil, !format.isPicture {
      throw UsageError(message: "--saga: only a picture shows one saga; add -o screen or -o svg")
    }
    if invocation.tables.isAsked, format.tableStyle == nil {
      throw UsageError(
        message: "--tables, --columns, --sort and --no-headers are for -o table, wide, csv and markdown")
    }
    try checkColumns(invocation.tables)
    if !invocation.recording.files.isEmpty, invocation.interval != nil || !invocation.conditions.isEmpty {
      throw UsageError(message: "--watch and --until: a recording does not change; leave out --from")
    }
    if invocation.interval != nil, !format.isLine, invocation.output == nil {
      throw UsageError(message: "--watch: prints lines, as -o json or nagios; another format needs --to FILE")
    }
  }

  /// A column that none of the chosen tables has would be left out without a word.
  private static func checkColumns(_ selection: TableSelection) throws(UsageError) {
    guard !selection.tables.isEmpty else { return }
    let known = SnapshotTable.shapes.filter { selection.tables.contains($0.name) }.flatMap(\.columns).map(\.name)
    let chosen = selection.columns.map { ("--columns", $0) } + (selection.order.map { [("--sort", $0.column)] } ?? [])
    for (option, name) in chosen where !known.contains(name) {
      let hint = NearestWord.hint(name, among: known)
      throw UsageError(
        message: "\(option): no chosen table has `\(name)`\(hint) (they have \(known.joined(separator: ", ")))")
    }
  }
}

extension TableSelection {
  fileprivate var isAsked: Bool { !tables.isEmpty || !columns.isEmpty || order != nil || !hasHeaders }
}
