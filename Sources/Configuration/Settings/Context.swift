import Core
import Text

/// One context of a configuration file: a system to watch, and where it is.
struct Context {
  var name: String
  var isProtected = false
  /// A shipped theme's name, or a file's path; `nil` for that of all contexts.
  var theme: String?
  /// A shipped preset's name, or a path from where the program runs.
  var preset: String?
  /// `host:port`, several separated by commas; empty where there is no Kafka.
  var brokers = ""
  var properties: [(name: String, value: String)] = []
  /// Replace the preset's; none keeps them.
  var topics: [String] = []
  /// Patterns of the consumer groups that are looked at; none means all.
  var groups: [String] = []
  var lagInterval: Duration?
  var allowedLag: [(pattern: NamePattern, allowance: LagRules.Allowance)] = []
  var fields = EventFields()
  /// Whole, with what they take from the preset's.
  var sagas: [SagaDefinition] = []
  /// What is said of a system whose rest is to be inferred; its `type` stands in `fields`.
  var hints = InferenceHints()
  var locks: [LockDefinition] = []
  var counts: [LockPattern] = []
  var redis = Settings.Redis()
  var services: [ServiceSettings] = []
  var traces: TraceStoreSettings?
  var kubernetes: KubernetesSettings?
  var checks: [Check] = []
  var documents: [DocumentDefinition] = []
  var commands: [CommandDefinition] = []
  var http = Settings.HTTP()
  var schemas = SchemaSettings()
  /// Take the place of the preset's of the same name, or join them.
  var actions: [ActionDefinition] = []
  var apis: [ActionAPI] = []
  var audit = Settings.Audit()
  var since: ReadSpan?
  var secrets = Secrets()
}

/// Reads all contexts of a configuration file and gives the one that is meant.
struct ContextSelector {
  let choice: ContextChoice
  let reading: ParseContext
  /// In place of the chosen context's.
  let preset: String?
  let environment: [String: String]

  func read(_ node: YamlNode?, current: YamlNode?) -> Context? {
    var reader = node.map { MappingReader($0, "`contexts`", reading) }
    let members = reader?.takeAll() ?? []
    let wanted = wanted(members.map(\.name), current, node?.mark ?? .start)
    var result: Context?
    for (_, name, value) in members {
      let isWanted = name == wanted
      let reader = ContextReader(
        reading: isWanted ? reading : reading.unresolved, preset: isWanted ? preset : nil, environment: environment)
      let context = reader.read(name, value)
      if isWanted { result = context }
    }
    return result
  }

  private func wanted(_ names: [String], _ current: YamlNode?, _ mark: YamlNode.Mark) -> String? {
    let current = current.flatMap { node in reading.word(node, "currentContext").map { (node.mark, $0) } }
    if let (mark, name) = current, !names.contains(name) { reportMissing(name, names, mark) }
    switch choice {
    case .none: return nil
    case .named(let name):
      if !names.contains(name) { reportMissing(name, names, mark) }
      return name
    case .current:
      if current == nil, names.count > 1 {
        reading.add(mark, "expected `currentContext`, because there are several contexts; or choose one with --context")
      }
      return current?.1 ?? names.first
    }
  }

  private func reportMissing(_ name: String, _ names: [String], _ mark: YamlNode.Mark) {
    let hint = NearestWord.hint(name, among: names)
    let known = names.isEmpty ? "there are none" : "known: \(names.joined(separator: ", "))"
    reading.add(mark, "no context `\(name)`\(hint.isEmpty ? "; \(known)" : hint)")
  }
}

/// Which of a file's contexts is meant.
enum ContextChoice {
  /// The one that the file says, or its only one.
  case current
  case named(String)
  /// None of them: what the command line says stands for itself.
  case none
}
