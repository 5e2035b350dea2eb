import Core
import Text

/// One context of a configuration file: a system to watch and its addresses.
struct Context {
  var name: String
  var isProtected = false
  /// `nil` to use the theme for all contexts.
  var theme: ThemeSetting?
  /// A shipped preset's name, or a path relative to the working directory.
  var preset: String?
  /// `host:port`, separated by commas. Empty without Kafka.
  var brokers = ""
  var properties: [(name: String, value: String)] = []
  /// Replaces the preset's topics. Empty to use those of the preset.
  var topics: [String] = []
  /// Patterns of the watched consumer groups. Empty for all groups.
  var groups: [String] = []
  var lagInterval: Duration?
  var allowedLag: [(pattern: NamePattern, allowance: LagRules.Allowance)] = []
  var fields = EventFields()
  /// Complete definitions, merged with the preset's.
  var sagas: [SagaDefinition] = []
  /// Hints for a system that is inferred. Its `type` source is in `fields`.
  var hints = InferenceHints()
  var locks: [LockDefinition] = []
  var counts: [LockPattern] = []
  var redis = Settings.Redis()
  var services: [ServiceSettings] = []
  var evidence = EvidenceSettings()
  var checks: [Check] = []
  var documents: [DocumentDefinition] = []
  var commands: [CommandDefinition] = []
  var http = Settings.HTTP()
  var schemas = SchemaSettings()
  /// Replaces the preset's actions of the same name, and adds others.
  var actions: [ActionDefinition] = []
  var apis: [ActionAPI] = []
  var audit = Settings.Audit()
  var since: ReadSpan?
  var secrets = Secrets()
}

/// Reads all contexts of a configuration file and returns the selected one.
struct ContextSelector {
  let choice: ContextChoice
  let reading: ParseContext
  /// Replaces the selected context's preset.
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
        reading: isWanted ? reading : reading.unresolved, preset: isWanted ? preset : nil, environment: environment,
        isSelected: isWanted)
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
    let sorted = NearestWord.sorted(names, by: name).joined(separator: ", ")
    let known = names.isEmpty ? "there are none" : "known: \(sorted)"
    reading.add(mark, "no context `\(name)`\(hint.isEmpty ? "; \(known)" : hint)")
  }
}

/// Selects a context of a configuration file.
enum ContextChoice {
  /// The file's current context, or its only context.
  case current
  case named(String)
  /// No context: only the command line is used.
  case none
}
