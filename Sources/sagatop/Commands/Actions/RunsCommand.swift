import Actions
import Collectors
import Configuration
import Core
import Glibc
import Reports
import TUI

/// `sagatop runs`: lists the runs with their operators and states; pauses, resumes and stops them.
struct RunsCommand {
  enum Verb: String, CaseIterable {
    case list, show, pause, resume, stop
  }

  let invocation: Invocation

  func run() throws -> Int32 {
    let words = invocation.words
    let verb = words.first.flatMap(Verb.init(rawValue:)) ?? .list
    guard words.isEmpty || Verb(rawValue: words[0]) != nil, words.count == (verb == .list ? min(1, words.count) : 2)
    else {
      throw UsageError(message: "runs: expected list, or show, pause, resume or stop with an intent")
    }
    guard let audit = AuditPlace.find(invocation) else {
      throw CommandFailure(
        "there is no audit log: neither XDG_STATE_HOME nor HOME names a folder", code: ExitCode.configuration)
    }
    var reader = AuditReader(path: audit.path)
    if case .failure(let error) = reader.read() { throw CommandFailure(error.message, code: ExitCode.inputOutput) }
    let records = reader.records(now: SystemClock.now())
    let runs = reader.runs.map { RunSummary($0, records, reader.runs, audit) }
    guard verb != .list else {
      let report = RunsReport(runs.map(\.row))
      Output.write(invocation.format == .json ? report.json : report.table, to: STDOUT_FILENO)
      return ExitCode.fine
    }
    let run = try one(runs, named: words[1])
    switch verb {
    case .list, .show: return show(run, audit)
    case .pause, .stop: return try ask(verb == .pause ? .pause : .stop, run, audit)
    case .resume where run.row.isRunning: return try ask(.resume, run, audit)
    case .resume: return try doRest(run, audit)
    }
  }

  private func one(_ runs: [RunSummary], named name: String) throws -> RunSummary {
    let found = runs.filter { $0.row.run.intent.hasPrefix(name) }
    guard found.count == 1, !name.isEmpty else {
      let what = found.isEmpty ? "no run has this intent" : "\(found.count) runs begin so: say more of it"
      throw CommandFailure("`\(name)`: \(what)", code: ExitCode.noInput)
    }
    return found[0]
  }

  private func show(_ run: RunSummary, _ audit: AuditSettings) -> Int32 {
    let report = RunsReport([run.row])
    guard let kept = KeptPlan.read(run.row.run.intent, beside: audit) else {
      Output.write(report.table, to: STDOUT_FILENO)
      Output.complain("its plan is not stored next to the audit log")
      return ExitCode.warning
    }
    Output.write(invocation.format == .json ? kept.json : report.table + shown(kept), to: STDOUT_FILENO)
    return ExitCode.fine
  }

  private func shown(_ kept: KeptPlan) -> String {
    kept.text.split(separator: "\n").map { Sanitizer.sanitized($0) + "\n" }.joined()
  }

  private func ask(_ control: RunControl, _ run: RunSummary, _ audit: AuditSettings) throws -> Int32 {
    guard run.row.isRunning else {
      throw CommandFailure("\(run.row.run.intent): no process is running it", code: ExitCode.critical)
    }
    guard invocation.overrides.isReadOnly != true, Environment.all["SAGATOP_READONLY"] ?? "" == "" else {
      throw CommandFailure("read-only: actions are disabled", code: ExitCode.notPermitted)
    }
    let origin = run.row.run
    let record = ActionRecord(
      intent: origin.intent, action: origin.action, context: origin.context, subject: "",
      operator: OperatorIdentity.current(environment: Environment.all), reason: invocation.action.reason,
      intendedAt: SystemClock.now())
    do throws(AuditLog.Unwritable) { try AuditLog(audit).control(control, record) } catch {
      throw CommandFailure(error.message, code: ExitCode.inputOutput)
    }
    Output.write("\(control.rawValue): requested for \(origin.intent)\n", to: STDOUT_FILENO)
    return ExitCode.fine
  }

  /// Runs the items that were never sent, as a new plan.
  private func doRest(_ run: RunSummary, _ audit: AuditSettings) throws -> Int32 {
    let origin = run.row.run
    guard let kept = KeptPlan.read(origin.intent, beside: audit) else {
      throw CommandFailure("\(origin.intent): its plan is not stored next to the audit log", code: ExitCode.noInput)
    }
    let rest = kept.items.filter { !run.sent.contains($0.name) }
    guard !rest.isEmpty else {
      throw CommandFailure(
        "\(origin.intent): everything of it was sent; nothing is left to do", code: ExitCode.critical)
    }
    let unknown = run.row.counts["unknown"] ?? 0
    if unknown > 0 { Output.complain("\(unknown) of it are unknown and are not sent again here: look at them first") }
    var invocation = invocation
    invocation.command = .act
    invocation.words = [origin.action.rawValue] + rest.map(\.name)
    invocation.overrides.context = invocation.overrides.context ?? origin.context
    if invocation.action.reason.isEmpty { invocation.action.reason = origin.reason }
    invocation.action.resumes = origin.intent
    let resolver = SettingsResolver(overrides: invocation.overrides, environment: Environment.all)
    return try ActCommand(invocation: invocation, settings: try resolver.resolve()).run()
  }
}

/// Summary of one run from the audit log.
private struct RunSummary {
  var row: RunRow
  /// Subjects that were or may have been sent, as `TYPE/ID` or only the id.
  var sent: Set<String> = []

  init(_ run: RunRecord, _ records: [ActionRecord], _ runs: [RunRecord], _ audit: AuditSettings) {
    row = RunRow(run)
    row.isRunning = KeptPlan.isRunning(run.intent, beside: audit)
    // Subjects sent by runs that resumed this one count as sent.
    var family: Set<String> = [run.intent]
    for other in runs { if let origin = other.resumes, family.contains(origin) { family.insert(other.intent) } }
    for record in records where family.contains(record.intent) {
      if record.intent == run.intent { row.counts[record.outcome.name, default: 0] += 1 }
      switch record.outcome {
      case .skipped, .cancelled: break
      default: sent.insert(record.type.isEmpty ? record.subject : "\(record.type)/\(record.subject)")
      }
    }
  }
}
