import Collectors
import Configuration
import Core
import Glibc
import Reports
import TUI
import Text

/// Writes what a store knows in the format that was asked for.
struct SnapshotRenderer {
  let invocation: Invocation
  let settings: Settings
  let plan: SnapshotPlan

  struct Text {
    var text: String
    var checks: [CheckResult]
  }

  func text(of store: Store, now: Timestamp) throws -> Text {
    if plan.format.isPicture { return Text(text: try picture(store, now: now), checks: []) }
    let report = SnapshotReader(plan: plan, selection: invocation.tables).report(of: store, now: now)
    return Text(text: text(plan.selection.applied(to: report, from: store)), checks: report.checks)
  }

  private func text(_ report: SnapshotReport) -> String {
    if let style = plan.format.tableStyle {
      var selection = invocation.tables
      // A program that reads the table needs whole names.
      selection.isElided = invocation.output == nil && isatty(STDOUT_FILENO) == 1
      return SnapshotTable.text(report, sections: plan.sections, style: style, selection: selection)
    }
    switch plan.format {
    case .prometheus: return SnapshotMetrics.text(report, sections: plan.sections, labels: invocation.labels)
    case .nagios: return NagiosLine.text(report.checks)
    default:
      let document = SnapshotJSON.document(report, sections: plan.sections)
      return JSONWriter.write(document, isPretty: invocation.interval == nil || invocation.output != nil) + "\n"
    }
  }

  private func picture(_ store: Store, now: Timestamp) throws -> String {
    var subject = ScreenDump.Subject.view(invocation.view)
    if let id = invocation.saga {
      guard let handle = try store.saga(named: id, now: now) else { throw FirstCatchUpWait.unknownSaga(id, in: store) }
      subject = .saga(handle, id: id)
    }
    let glyphs = settings.isASCII ?? false ? Glyphs.ascii : .unicode
    let dump = ScreenDump(
      subject: subject, size: invocation.size, glyphs: glyphs, localOffset: LocalTime.offset(at: now))
    let frame = dump.frame(of: store, now: now)
    if plan.format == .screen, !invocation.hasScreenColor { return frame.text }
    let theme = try ThemeChoice(settings.theme).current
    return plan.format == .svg ? frame.svg(theme: theme) : frame.ansiText(theme: theme)
  }
}
