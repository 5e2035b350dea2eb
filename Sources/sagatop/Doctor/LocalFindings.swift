import Clients
import Collectors
import Configuration
import Core
import Reports
import TUI
import Text

/// Findings without any request: libraries, terminal, configuration.
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
      return [Finding(area, .note, "no terminal", advice: "`sagatop snapshot` works without one")]
    case .unknown:
      return [
        Finding(
          area, .failed, "TERM=\(facts.name) has no terminfo entry", advice: "install the entry, or set TERM=xterm"
        )
      ]
    case .dumb:
      return [
        Finding(area, .failed, "TERM=\(facts.name) cannot show the live screen", advice: "use `sagatop snapshot`")
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
        [
          (settings.redis.servers.count, "Redis server"), (settings.services.count, "service"),
          (settings.checks.count, "check"),
        ]
        .map { Quantity.counted($0, $1) }.joined(separator: ", ")),
    ] + settings.changes.map { Finding(area, .note, $0) }
      + (settings.warnings + settings.literalSecrets).map { Finding(area, .warning, $0) }
  }
}
