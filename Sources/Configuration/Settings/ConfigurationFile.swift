import Core

/// The content of a configuration file: the selected context and the settings for all contexts.
struct ConfigurationFile {
  /// The known keys at the top of a file.
  static let topKeys: Set<String> = [
    "include", "currentContext", "contexts", "theme", "notify", "keys", "ui", "retention", "maxSagas",
    "maxEventsPerSaga", "payloadMegabytes", "filters",
  ]

  let path: String
  /// The file and its included files, in the order of their first occurrence.
  let files: [ConfigurationTree.File]
  /// The names of all contexts, in the order of the file.
  private(set) var contexts: [String] = []
  /// `nil` if no context is selected or the file has none.
  private(set) var context: Context?
  private(set) var theme: ThemeSetting?
  private(set) var isASCII: Bool?
  private(set) var hasMouse: Bool?
  private(set) var hasColor: Bool?
  private(set) var limits = StoreLimits()
  private(set) var notify: NotifySettings?
  /// Configured key bindings, in the order of the file.
  private(set) var keys: [KeySetting] = []
  private(set) var secrets = Secrets()
  /// Saved filters by name; `/@name` recalls one.
  private(set) var filters: [String: String] = [:]
  /// Warnings about probable mistakes, one line each.
  private(set) var warnings: [String] = []
  /// Warnings about literal secrets, one line each.
  private(set) var literalSecrets: [String] = []
  /// All values that determine the sources and the store, with their references resolved.
  private(set) var sourceText = ""

  /// `path` is used in errors and as the base of relative paths. Throws the errors of all contexts. Only the references of the selected
  /// context are resolved, so another context's password need not be available. `preset` replaces the selected context's preset.
  init(
    _ bytes: [UInt8], path: String, choice: ContextChoice, preset: String? = nil, environment: [String: String]
  ) throws(ConfigurationError) {
    self.path = path
    let tree = try ConfigurationTree(bytes, path: path, environment: environment)
    files = tree.files
    let reading = ParseContext(files: files.map(\.path), environment: environment)
    var reader = MappingReader(tree.root, "a configuration", reading)
    // Includes are already resolved.
    _ = reader.take("include")
    let current = reader.take("currentContext")
    let contexts = reader.take("contexts")
    self.contexts = contexts?.members.compactMap(\.key.scalar) ?? []
    context = ContextSelector(
      choice: choice, reading: reading, preset: preset, environment: environment
    ).read(contexts, current: current)
    theme = reader.theme()
    if let node = reader.take("notify") {
      var notices = NotifyReader(reading: reading)
      notify = notices.read(node)
      secrets = notices.secrets
      if let context, context.checks.isEmpty {
        reading.warn(
          node.mark, "`notify`: the context `\(context.name)` has no `checks`, and without --check nothing is sent")
      }
    }
    if let node = reader.take("keys") { keys = KeySetting.read(node, reading) }
    if let node = reader.take("ui") { readInterface(node, reading) }
    readLimits(&reader)
    if let node = reader.take("filters") { readFilters(node, reading) }
    reader.finish()
    try reading.diagnostics.check()
    warnings = reading.diagnostics.warnings
    findLiteralSecrets(tree.root, reading)
    sourceText = Self.sourceText(tree.root, context?.name, reading)
  }

  private static let ofScreen: Set<String> = [
    "include", "currentContext", "contexts", "theme", "notify", "keys", "ui", "filters",
  ]

  /// Without the keys that only change the screen and the notifications.
  private static func sourceText(_ root: YamlNode, _ context: String?, _ reading: ParseContext) -> String {
    func members(_ node: YamlNode?, without keys: Set<String>) -> String {
      (node?.members ?? []).filter { !keys.contains($0.key.scalar ?? "") }
        .map { "\(text($0.key))=\(text($0.value))" }.joined(separator: ",")
    }
    func text(_ node: YamlNode) -> String {
      switch node.content {
      case .null: return "null"
      case .scalar(let scalar):
        let resolved = try? reading.references.resolve(scalar, file: node.mark.file).get()
        // A relative path depends on the file's folder.
        return YamlText.quoted(reading.path("", node.mark) + "\n" + (resolved?.text ?? scalar))
      case .sequence(let items): return "[\(items.map(text).joined(separator: ","))]"
      case .mapping: return "{\(members(node, without: []))}"
      }
    }
    let own = context.flatMap { root["contexts"]?[$0] }
    return members(root, without: ofScreen) + ";" + members(own, without: ["theme", "checks"])
  }

  /// In the selected context and outside of the contexts.
  private mutating func findLiteralSecrets(_ root: YamlNode, _ reading: ParseContext) {
    let others = root.members.filter { $0.key.scalar != "contexts" }
    let own = context.flatMap { root["contexts"]?[$0.name] }.map { ConfigurationSecrets.literals(in: $0) } ?? []
    let found = ConfigurationSecrets.literals(in: YamlNode(mark: root.mark, content: .mapping(others))) + own
    for literal in found {
      secrets.insert(literals: literal.values)
      literalSecrets.append("\(reading.diagnostics.place(literal.mark)): \(literal.sentence)")
    }
  }

  private mutating func readInterface(_ node: YamlNode, _ reading: ParseContext) {
    var reader = MappingReader(node, "`ui`", reading)
    isASCII = reader.bool("ascii")
    hasMouse = reader.bool("mouse")
    hasColor = reader.bool("color")
    reader.finish()
  }

  private mutating func readFilters(_ node: YamlNode, _ reading: ParseContext) {
    var reader = MappingReader(node, "`filters`", reading)
    for (_, name, value) in reader.takeAll() {
      guard let text = reading.text(value, name) else { continue }
      filters[name] = text
      if let problem = Self.problem(of: text) { reading.add(value.mark, "the filter `\(name)`: \(problem)") }
    }
  }

  /// A filter must be valid for at least one list. The problem is that of the list that accepts most of it.
  private static func problem(of filter: String) -> String? {
    var furthest: FilterError?
    for vocabulary in FilterVocabulary.lists {
      do throws(FilterError) {
        _ = try Filter(parsing: filter, for: vocabulary)
        return nil
      } catch {
        let isBetter = furthest.map { rank($0) < rank(error) }
        if isBetter ?? true { furthest = error }
      }
    }
    return furthest?.message
  }

  private static func rank(_ error: FilterError) -> (Int, Int) { (error.column, error.suggestion == nil ? 0 : 1) }

  private mutating func readLimits(_ reader: inout MappingReader) {
    if let retention = reader.duration("retention") { limits.retention = retention }
    if let sagas = reader.integer("maxSagas", 100...10_000_000) { limits.maxSagas = sagas }
    if let events = reader.integer("maxEventsPerSaga", 10...100_000) { limits.maxEventsPerSaga = events }
    if let megabytes = reader.integer("payloadMegabytes", 1...16_384) { limits.messageBytes = megabytes << 20 }
  }
}

/// Paths of the configuration file. The program never writes one.
struct ConfigurationPaths {
  /// Set by an environment variable; the file must exist.
  private let variable: String?
  private let defaults: [String]

  init(environment: [String: String]) {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.variable = variable("SAGATOP_CONFIG")
    // The XDG Base Directory Specification requires that relative paths are ignored.
    let home = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let folder = home ?? variable("HOME").map { "\($0)/.config" }
    defaults = [folder, "/etc"].compactMap { $0.map { "\($0)/sagatop/config.yaml" } }
  }

  /// The default paths, for an error message.
  var looked: String { defaults.joined(separator: " and ") }

  /// The first existing file. `nil` if there is none. A file named by a flag or variable must be readable.
  func read(named flag: String?) throws(ConfigurationError) -> (path: String, bytes: [UInt8])? {
    if let flag { return try read(flag, "--config: ") }
    if let variable { return try read(variable, "SAGATOP_CONFIG: ") }
    for path in defaults {
      switch TextFile.read(path, atMost: YamlParser.maxBytes) {
      case .success(let bytes): return (path, bytes)
      case .failure(let error):
        if !error.isMissing { throw ConfigurationError([error.message]) }
      }
    }
    return nil
  }

  private func read(_ path: String, _ source: String) throws(ConfigurationError) -> (path: String, bytes: [UInt8]) {
    switch TextFile.read(path, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return (path, bytes)
    case .failure(let error): throw ConfigurationError([source + error.message])
    }
  }
}
