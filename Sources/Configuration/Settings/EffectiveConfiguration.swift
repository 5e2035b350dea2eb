import Core
import Text

/// The effective configuration as YAML, with the origin of each value: a file, a flag, a variable, a preset, or a default.
package struct EffectiveConfiguration {
  private let settings: Settings
  private let overrides: Overrides
  private let environment: [String: String]
  /// Indexed by the file number in a mark. A mark of line 0 refers to the whole origin.
  private var origins: [String] = []
  private var root = YamlNode.empty

  /// Resolves the complete configuration first. Throws all errors.
  package init(overrides: Overrides, environment: [String: String]) throws(ConfigurationError) {
    settings = try SettingsResolver(overrides: overrides, environment: environment).resolve()
    self.overrides = overrides
    self.environment = environment
    var tree: ConfigurationTree?
    if let (path, bytes) = try ConfigurationPaths(environment: environment).read(named: overrides.configuration) {
      tree = try ConfigurationTree(bytes, path: path, environment: environment)
    }
    origins = tree?.files.map(\.path) ?? []
    let file = tree?.root ?? .empty
    let isNamed = overrides.context != nil || variable("SAGATOP_CONTEXT") != nil
    let own = overrides.brokers == nil || isNamed ? file["contexts"]?[settings.context] : nil
    let context = flags(over: own ?? .empty)
    let preset = try preset(overrides.preset ?? own?["preset"]?.scalar)
    let merged = PresetOverlay.laid(context, over: preset)
    root = build(file, merged, hasContext: own != nil)
  }

  /// One value per line if possible. `hasOrigins` adds a comment with the origin to each value.
  package func text(hasOrigins: Bool) -> String {
    var writer = ConfigurationText(origins: hasOrigins ? origins : nil, secrets: settings.secrets)
    writer.write(root)
    if settings.isReadOnly {
      writer.lines.append("# Read-only, by \(overrides.isReadOnly == true ? "--read-only" : "SAGATOP_READONLY").")
    }
    return writer.lines.joined(separator: "\n") + "\n"
  }

  private func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  // MARK: Layers

  private mutating func mark(_ origin: String) -> YamlNode.Mark {
    if let place = origins.firstIndex(of: origin) { return .init(line: 0, column: 0, file: place) }
    origins.append(origin)
    return .init(line: 0, column: 0, file: origins.count - 1)
  }

  private mutating func node(_ text: String, _ origin: String) -> YamlNode {
    YamlNode(mark: mark(origin), content: .scalar(text))
  }

  private mutating func list(_ texts: [String], _ origin: String) -> YamlNode {
    YamlNode(mark: mark(origin), content: .sequence(texts.map { node($0, origin) }))
  }

  /// Merges the flags over the file's context.
  private mutating func flags(over context: YamlNode) -> YamlNode {
    var context = context
    if let brokers = overrides.brokers { context.set(["kafka", "brokers"], node(brokers, "--brokers")) }
    if !overrides.topics.isEmpty { context.set(["kafka", "topics"], list(overrides.topics, "--topics")) }
    if let server = overrides.server { context.set(["http", "server"], node(server, "--server")) }
    if let redis = overrides.redis { context.set(["redis", "servers"], node(redis, "--redis")) }
    if let registry = overrides.schemaRegistry { context.set(["schemaRegistry"], node(registry, "--schema-registry")) }
    if let preset = overrides.preset { context.set(["preset"], node(preset, "--preset")) }
    if overrides.since != nil {
      let text = settings.since.duration.map(DurationText.text) ?? "all"
      context.set(["since"], node(text, "--since"))
    }
    if !overrides.ids.isEmpty { context.set(["ids"], list(overrides.ids, "--id")) }
    if let type = overrides.type { context.set(["fields", "type"], node(type, "--type")) }
    for service in overrides.services { context.set(["services", service.name], node(service.url, "--service")) }
    return context
  }

  /// The preset's tree, with its keys moved to where a context has them.
  private mutating func preset(_ name: String?) throws(ConfigurationError) -> YamlNode {
    guard let name, name != Presets.none else { return .empty }
    let path = origins.first.map { TextFile.isPath(name) && overrides.preset == nil ? Self.beside($0, name) : name }
    let (file, bytes) = try Presets.bytes(path ?? name)
    origins.append("preset \(file)")
    let tree = try YamlDocument.root(bytes, file: file).moved(to: origins.count - 1)
    var result = YamlNode.empty
    for (key, value) in tree.members {
      switch key.scalar ?? "" {
      case "name", "healthPath": break
      case "topics": result.set(["kafka", "topics"], value)
      case "services": for (name, service) in value.members { setService(name.scalar ?? "", service, &result) }
      case let name: result.set([name], value)
      }
    }
    return result
  }

  private static func beside(_ file: String, _ name: String) -> String {
    References(environment: [:], directory: TextFile.directory(of: file)).path(name)
  }

  /// Sets the full URL of a preset's service: the preset's path on the context's server.
  private func setService(_ name: String, _ node: YamlNode, _ result: inout YamlNode) {
    guard let service = settings.services.first(where: { $0.definition.name == name }),
      let url = service.targets.first?.url
    else { return }
    result.set(["services", name], YamlNode(mark: node.mark, content: .scalar(url)))
  }

  private mutating func build(_ file: YamlNode, _ context: YamlNode, hasContext: Bool) -> YamlNode {
    var result = YamlNode.empty
    result.set(["currentContext"], current(file, hasContext: hasContext))
    for (key, value) in file.members where !["currentContext", "contexts", "include"].contains(key.scalar) {
      result.set([key.scalar ?? ""], value)
    }
    if let theme = overrides.theme {
      result.set(["theme"], node(theme, "--theme"))
    } else if let theme = variable("SAGATOP_THEME") {
      result.set(["theme"], node(theme, "SAGATOP_THEME"))
    }
    if let isASCII = overrides.isASCII { result.set(["ui", "ascii"], node("\(isASCII)", "--ascii")) }
    if overrides.hasColor != nil {
      result.set(["ui", "color"], node("false", "--no-color"))
    } else if variable("NO_COLOR") != nil {
      result.set(["ui", "color"], node("false", "NO_COLOR"))
    }
    if overrides.hasMouse != nil { result.set(["ui", "mouse"], node("false", "--no-mouse")) }
    let builtIn = [
      ("theme", settings.theme), ("retention", DurationText.text(settings.limits.retention)),
      ("maxSagas", "\(settings.limits.maxSagas)"), ("maxEventsPerSaga", "\(settings.limits.maxEventsPerSaga)"),
      ("payloadMegabytes", "\(settings.limits.messageBytes >> 20)"),
    ]
    for (name, value) in builtIn where result[name] == nil { result.set([name], node(value, "built in")) }
    result.set(["contexts", settings.context], context)
    return result
  }

  private mutating func current(_ file: YamlNode, hasContext: Bool) -> YamlNode {
    if overrides.context != nil { return node(settings.context, "--context") }
    if variable("SAGATOP_CONTEXT") != nil { return node(settings.context, "SAGATOP_CONTEXT") }
    if !hasContext { return node(settings.context, "from flags") }
    return file["currentContext"] ?? node(settings.context, "the only one")
  }
}

extension DurationText {
  /// Uses the largest unit that gives a whole number.
  fileprivate static func text(_ duration: Duration) -> String {
    let milliseconds = duration.nanosecondsClamped / 1_000_000
    let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
    guard let unit = units.first(where: { milliseconds != 0 && milliseconds % $0.1 == 0 }) else {
      return milliseconds == 0 ? "0" : "\(milliseconds)ms"
    }
    return "\(milliseconds / unit.1)\(unit.0)"
  }
}
