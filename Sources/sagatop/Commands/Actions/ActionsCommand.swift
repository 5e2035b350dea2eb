import Actions
import Collectors
import Glibc
import Reports

/// `sagatop actions`: what the audit log has, and whether it is whole. Needs no configuration.
struct ActionsCommand {
  let format: Invocation.Format

  func run() -> Int32 {
    guard let path = ActionWiring.auditPath(Environment.all) else {
      Output.complain("there is no audit log: neither XDG_STATE_HOME nor HOME names a folder")
      return ExitCode.configuration
    }
    var reader = AuditReader(path: path)
    switch reader.read() {
    case .failure(let error):
      Output.complain(error.message)
      return ExitCode.inputOutput
    case .success:
      let damages = reader.damages.map { (line: $0.line, message: $0.message) }
      let report = ActionsReport(path: path, records: reader.records(now: SystemClock.now()), damages: damages)
      Output.write(format == .json ? report.json : report.table, to: STDOUT_FILENO)
      for damage in damages { Output.complain("\(path):\(damage.line): \(damage.message)") }
      return damages.isEmpty ? ExitCode.fine : ExitCode.warning
    }
  }
}
