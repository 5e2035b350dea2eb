import Clients
import Collectors
import Configuration
import Core
import Reports
import TUI

/// What can be said without asking anybody: libraries, the terminal, the configuration.
enum LocalFindings {
  static var libraries: [Finding] {
    let versions = Libraries.versions + [("libyaml", YamlLibrary.version)]
    let text = versions.map { "\($0.name) \($0.version)" } + [TerminalFacts.libraryVersion]
    return [Finding("libraries", .ok, "sagatop \(Program.version); \(text.joined(separator: ", "))")]
  }

  static func terminal(_ facts: TerminalFacts = TerminalFacts()) -> [Finding] {
    let area = "terminal"
    switch facts.kind {
    case .none:
      return [Finding(area, .note, "there is none here", advice: "`sagatop snapshot` needs none")]
    case .unknown:
      return [
        Finding(
          area, .failed, "TERM=\(facts.name) is not known here", advice: "install its terminfo entry, or set TERM=xterm"
        )
      ]
    case .dumb:
      return [
        Finding(area, .failed, "TERM=\(facts.name) cannot show a screen", advice: "`sagatop snapshot` needs none")
      ]
    case .full: break
    }
    let size = facts.size.map { "\($0.columns)x\($0.rows)" } ?? "of unknown size"
    let depth = facts.colors >= Palette.direct ? "24-bit colours" : "\(facts.colors) colours"
    let colors = facts.colors == 0 ? "no colours" : depth
    var findings = [Finding(area, .ok, "TERM=\(facts.name), \(size), \(colors)")]
    if !facts.isUTF8 {
      findings.append(
        Finding(area, .note, "the locale is not UTF-8: lines are drawn in ASCII", advice: "LC_ALL=C.UTF-8 sagatop"))
    }
    return findings
  }

  static func configuration(_ settings: Settings) -> [Finding] {
    let area = "configuration"
    let types = settings.system.sagas.map(\.type).joined(separator: ", ")
    let sagas = types.isEmpty ? "no sagas" : "sagas of type \(types)"
    return [
      Finding(
        area, .ok,
        "context \(settings.context): system \(settings.system.name) with \(sagas), brokers "
          + settings.kafka.brokers),
      Finding(
        area, .ok,
        "\(settings.redis.servers.count) Redis servers, \(settings.services.count) services, "
          + "\(settings.checks.count) checks"),
    ] + LiteralSecrets(settings.system).findings + settings.changes.map { Finding(area, .note, $0) }
      + settings.warnings.map { Finding(area, .warning, $0) }
  }
}
