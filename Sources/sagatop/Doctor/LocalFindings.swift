import Clients
import Collectors
import Configuration
import Core
import Reports
import TUI

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

/// Finds literal secrets in action templates: plans display requests, and the audit log stores their first line.
struct LiteralSecrets {
  private static let names = [
    "authorization", "password", "passwd", "secret", "token", "api-key", "apikey", "api_key", "cookie",
  ]
  /// A shorter text is not considered a secret.
  private static let shortest = 6

  private let system: SystemDefinition

  init(_ system: SystemDefinition) { self.system = system }

  var findings: [Finding] {
    let actions =
      system.sagas.flatMap { saga in saga.actions.map { (of: "\(saga.type): ", $0) } } + system.actions.map { ("", $0) }
    return actions.flatMap { owner, action in
      places(action.call).map { place in
        Finding(
          "configuration", .warning,
          "\(owner)\(action.name.rawValue): \(place) seems to hold a secret, which every plan shows",
          advice: "what lets one in stands in the context's `apis`, as ${env:NAME} or ${file:PATH}")
      }
    }
  }

  private func places(_ call: ActionCall) -> [String] {
    switch call {
    case .http(let http):
      let target = Self.isSecret(http.target.text) ? ["its URL"] : []
      return headers(http.headers) + target + (http.body.map { Self.isSecret($0.text) } ?? false ? ["its body"] : [])
    case .kafka(let kafka): return headers(kafka.headers) + (Self.isSecret(kafka.value.text) ? ["its value"] : [])
    case .command(let words): return Self.isSecret(words.map(\.text).joined(separator: " ")) ? ["its command"] : []
    case .republish, .releaseLock: return []
    }
  }

  private func headers(_ fields: [ActionCall.Field]) -> [String] {
    fields.filter { field in
      let isNamed = Self.names.contains { field.name.lowercased().contains($0) }
      return isNamed && field.value.fields.isEmpty && field.value.text.utf8.count >= Self.shortest
    }.map { "the header \($0.name)" }
  }

  /// A name that indicates a secret, a separator, and a literal value: `"password": "hunter2"`, `--token=abcdef`, `token=abcdef&`.
  static func isSecret(_ text: String) -> Bool {
    let lowered = text.lowercased()
    return names.contains { name in
      lowered.ranges(of: name).contains { range in
        let rest = lowered[range.upperBound...].drop { "\"' ".contains($0) }
        guard let sign = rest.first, sign == ":" || sign == "=" else { return false }
        let value = rest.dropFirst().drop { "\"' ".contains($0) }.prefix { !"\"' &,}{".contains($0) }
        return value.utf8.count >= shortest
      }
    }
  }
}
