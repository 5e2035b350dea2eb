import Actions
import Collectors
import Configuration
import Core
import Glibc
import Reports

/// `sagatop actions`: prints the audit log and verifies its hashes. Needs no configuration; with one, it reads the context's log.
struct ActionsCommand {
  let invocation: Invocation

  func run() -> Int32 {
    guard let audit = AuditPlace.find(invocation) else {
      Output.complain("no audit log: neither XDG_STATE_HOME nor HOME is set")
      return ExitCode.configuration
    }
    var reader = AuditReader(path: audit.path)
    if case .failure(let error) = reader.read() {
      Output.complain(error.message)
      return ExitCode.inputOutput
    }
    let report = report(reader, audit.path)
    Output.write(text(report), to: STDOUT_FILENO)
    for damage in reader.damages { Output.complain("\(audit.path):\(damage.line): \(damage.message)") }
    return reader.damages.isEmpty ? ExitCode.fine : ExitCode.warning
  }

  private func report(_ reader: AuditReader, _ path: String) -> AuditReport {
    let now = SystemClock.now()
    let runs = wanted(reader.runs)
    let intents = Set(runs.map(\.intent))
    let selection = invocation.actions
    let records = reader.records(now: now).filter { record in
      (selection.intent == nil || intents.contains(record.intent))
        && (selection.subject.map { record.subject.utf8.elementsEqual($0.utf8) } ?? true)
        && (selection.operator.map { record.operator.name.contains($0) } ?? true)
        && (invocation.overrides.since?.duration.map { now - record.intendedAt <= $0 } ?? true)
    }
    return AuditReport(
      path: path, records: records, damages: reader.damages.map { (line: $0.line, message: $0.message) },
      head: reader.head, runs: runs)
  }

  /// For a single intent, includes the runs that resumed its rest.
  private func wanted(_ runs: [RunRecord]) -> [RunRecord] {
    guard let intent = invocation.actions.intent else { return runs }
    var family: Set<String> = Set(runs.lazy.map(\.intent).filter { $0.hasPrefix(intent) })
    for run in runs { if let origin = run.resumes, family.contains(origin) { family.insert(run.intent) } }
    return runs.filter { family.contains($0.intent) }
  }

  private func text(_ report: AuditReport) -> String {
    switch invocation.format {
    case .json: report.json
    case .csv: report.csv
    case .markdown: report.markdown
    default: report.table
    }
  }
}

/// Finds the audit log for commands that need no configuration.
enum AuditPlace {
  /// The context's log if the configuration can be read, else the operator's own log.
  static func find(_ invocation: Invocation) -> AuditSettings? {
    let resolver = SettingsResolver(overrides: invocation.overrides, environment: Environment.all)
    if let settings = try? resolver.resolve() { return ActionWiring.audit(settings, Environment.all) }
    return ActionWiring.auditPath(Environment.all).map { AuditSettings(path: $0) }
  }
}
