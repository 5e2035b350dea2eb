import Collectors
import Configuration
import Core
import Glibc
import Reports
import TUI
import Text

/// Writes the data of a store in the requested format.
struct SnapshotRenderer {
  let invocation: Invocation
  let settings: Settings
  let plan: SnapshotPlan

  struct Text {
    var text: String
    var checks: [CheckResult]
  }

  /// As `write`, but returns the complete text.
  func text(of store: Store, now: Timestamp) throws -> Text {
    var bytes: [UInt8] = []
    let checks = try write(store, now: now) { bytes += $0 }
    return Text(text: String(decoding: bytes, as: UTF8.self), checks: checks)
  }

  /// Writes the report in parts. When `isOver` returns true, no more causes are searched. With `changes`, only the differences to the
  /// previous report are written.
  func write(
    _ store: Store, now: Timestamp, isOver: () -> Bool = { false }, changes: SnapshotChanges? = nil,
    to part: ([UInt8]) throws -> Void
  ) throws -> [CheckResult] {
    if plan.format.isPicture {
      try part(Array(picture(store, now: now).utf8))
      return []
    }
    let reader = SnapshotReader(plan: plan, selection: invocation.tables)
    let whole = reader.report(of: store, now: now, isOver: isOver)
    let report = plan.selection.applied(to: whole, from: store, hasSagas: !reader.streamsSagas)
    guard plan.format == .json else {
      try part(Array(text(report).utf8))
      return report.checks
    }
    let document = SnapshotJSON.document(report, sections: plan.sections)
    let (value, paths) =
      changes?.document(document) ?? (document, reader.streamsSagas ? [SnapshotJSON.items] : [])
    let isPretty = invocation.interval == nil || invocation.output != nil
    try JSONWriter.write(value, isPretty: isPretty, paths: paths) { path, add in
      if path == ["gone"] { return try changes?.takeGone().forEach(add) ?? () }
      guard reader.streamsSagas else { return }
      try sagas(of: store, now, isOver, changes, add)
    } to: {
      try part($0)
    }
    try part([UInt8(ascii: "\n")])
    return report.checks
  }

  private func sagas(
    of store: Store, _ now: Timestamp, _ isOver: () -> Bool, _ changes: SnapshotChanges?,
    _ add: (JSONValue) throws -> Void
  ) throws {
    try store.eachSaga(
      plan.selection.sagas, now: now, isOver: isOver, isSame: { changes?.isSame($0, $1) ?? false }
    ) { row, diagnosis, version in
      let item = changes.map { $0.item(row, diagnosis, version) } ?? SnapshotJSON.item(row, diagnosis)
      if let item { try add(item) }
    }
  }

  private func text(_ report: SnapshotReport) -> String {
    if let style = plan.format.tableStyle {
      var selection = invocation.tables
      // Programs that read the table need complete names.
      selection.isElided = invocation.output == nil && isatty(STDOUT_FILENO) == 1
      return SnapshotTable.text(report, sections: plan.sections, style: style, selection: selection)
    }
    switch plan.format {
    case .prometheus: return SnapshotMetrics.text(report, sections: plan.sections, labels: invocation.labels)
    case .nagios: return NagiosLine.text(report.checks)
    default: return ""
    }
  }

  private func picture(_ store: Store, now: Timestamp) throws -> String {
    var subject = ScreenDump.Subject.view(invocation.view)
    if let id = invocation.saga {
      guard let handle = try store.saga(named: id, now: now) else { throw FirstCatchUpWait.unknownSaga(id, in: store) }
      subject = .saga(handle, id: id)
    }
    let glyphs = settings.isASCII ?? false ? Glyphs.ascii : .unicode
    var dump = ScreenDump(
      subject: subject, size: invocation.size, glyphs: glyphs, localOffset: LocalTime.offset(at: now))
    dump.filter = invocation.filter ?? ""
    (dump.order, dump.isReversed) = invocation.tables.order.map { ($0.column, $0.isDescending) } ?? ("", false)
    dump.columns = invocation.tables.columns
    let frame: Frame
    do throws(ScreenDump.UnknownWord) { frame = try dump.frame(of: store, now: now) } catch {
      throw CommandFailure(error.message, code: ExitCode.usage)
    }
    if plan.format == .screen, !invocation.hasScreenColor { return frame.text }
    let theme = try ThemeChoice(settings.themeSetting).current
    return plan.format == .svg ? frame.svg(theme: theme) : frame.ansiText(theme: theme)
  }
}

extension Invocation {
  enum Format: String, CaseIterable, Sendable {
    case json
    case table
    case wide
    case csv
    case markdown
    case prometheus
    case nagios
    case screen
    case svg
    case text

    /// Whether it shows one view of the screen. The other formats contain all data.
    var isPicture: Bool { self == .screen || self == .svg }

    /// Whether it can be written as one line, so that it can be printed repeatedly to standard output.
    var isLine: Bool { self == .json || self == .nagios }

    /// `nil` if the format has no tables.
    var tableStyle: SnapshotTable.Style? {
      switch self {
      case .table: .table
      case .wide: .wide
      case .csv: .csv
      case .markdown: .markdown
      case .json, .prometheus, .nagios, .screen, .svg, .text: nil
      }
    }
  }
}
