import Core
import Reports

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
    if !invocation.recording.files.isEmpty, invocation.interval != nil || !invocation.conditions.isEmpty {
      throw UsageError(message: "--watch and --until: a recording does not change; leave out --from")
    }
    if invocation.interval != nil, !format.isLine, invocation.output == nil {
      throw UsageError(message: "--watch: prints lines, as -o json or nagios; another format needs --to FILE")
    }
  }
}

extension TableSelection {
  fileprivate var isAsked: Bool { !tables.isEmpty || !columns.isEmpty || order != nil || !hasHeaders }
}
