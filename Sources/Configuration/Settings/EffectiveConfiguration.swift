import Core
import Text

/// The configuration that is in force, as YAML, with where each value comes from: a file, a flag, a variable, a preset, or the program.
package struct EffectiveConfiguration {
  private let settings: Settings
  private let overrides: Overrides
  private let environment: [String: String]
  /// By the number in a mark. A mark of line 0 stands for the whole of it.
  private var origins: [String] = []
  private var root = YamlNode.empty

  /// Resolves everything first. Throws all that is wrong.
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

  /// One value a line, where that is possible. `hasOrigins` adds a comment to each.
  package func text(hasOrigins: Bool) -> String {
    var writer = Writer(origins: hasOrigins ? origins : nil, secrets: settings.secrets)
    writer.write(root, depth: 0)
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

  /// What flags say about the context, over what the file says about it.
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

  /// The preset's tree, in the places that a context has for its parts.
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

  /// It lies on the context's server.
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

/// How a context's description lies over its preset's, part by part; the same as `SettingsResolver` and `SagaReader` do with what they read.
private enum PresetOverlay {
  static func laid(_ context: YamlNode, over preset: YamlNode) -> YamlNode {
    var result = context.replacing(preset) { key, own, base in
      switch key {
      case "fields": own.replacing(base) { _, own, base in laidField(own, base) }
      case "sagas": own.replacing(base) { _, own, base in laidSaga(own, base) }
      case "documents": own.replacing(base) { _, own, base in kept(own, base, ["messages", "paging", "order"]) }
      case "commands": own.replacing(base) { _, own, base in kept(own, base, ["messages", "prefix"]) }
      case "actions", "kafka", "services", "http": own.replacing(base) { _, own, _ in own }
      default: own
      }
    }
    result.mark = context.mark
    return result
  }

  /// A mapping changes a part of it, and sources alone leave the form of times as it is.
  private static func laidField(_ own: YamlNode, _ base: YamlNode) -> YamlNode {
    let names = ["from", "format", "zone"]
    guard names.contains(where: { own[$0] != nil || base[$0] != nil }) else { return own }
    return own.asMapping("from").replacing(base.asMapping("from")) { _, own, _ in own }
  }

  private static func laidSaga(_ own: YamlNode, _ base: YamlNode) -> YamlNode {
    own.replacing(base) { key, own, base in
      switch key {
      case "ids":
        own.replacing(base) { _, own, base in
          guard case .mapping = own.content else { return own }
          return own.replacing(base.asMapping("from")) { _, own, _ in own }
        }.withoutNulls
      case "events": own.replacing(base) { _, own, _ in own }.withoutNulls
      case "actions": own.replacing(base) { _, own, _ in own }
      case "steps": laidSteps(own, base)
      default: own
      }
    }
  }

  /// A mapping says what is different of the steps; a list takes the place of all.
  private static func laidSteps(_ own: YamlNode, _ base: YamlNode) -> YamlNode {
    guard case .mapping = own.content, case .sequence(let items) = base.content else { return own }
    return YamlNode(
      mark: base.mark,
      content: .sequence(
        items.map { item in
          let step = item.asMapping("name")
          guard let change = step["name"]?.scalar.flatMap({ own[$0] }) else { return item }
          return change.replacing(step) { _, own, _ in own }
        }))
  }

  private static func kept(_ own: YamlNode, _ base: YamlNode, _ keys: [String]) -> YamlNode {
    var own = own
    for key in keys where own[key] == nil { if let value = base[key] { own.set([key], value) } }
    return own
  }
}

extension YamlNode {
  fileprivate static var empty: YamlNode { YamlNode(mark: .init(line: 0, column: 0), content: .mapping([])) }

  /// A mapping of one key, unless it is a mapping already.
  fileprivate func asMapping(_ name: String) -> YamlNode {
    if case .mapping = content { return self }
    return YamlNode(mark: mark, content: .mapping([(YamlNode(mark: mark, content: .scalar(name)), self)]))
  }

  fileprivate var withoutNulls: YamlNode {
    let kept = members.filter { if case .null = $0.value.content { false } else { true } }
    return YamlNode(mark: mark, content: .mapping(kept))
  }

  /// The base's members in their place, those of both by `rule`, then what is new.
  fileprivate func replacing(_ base: YamlNode, _ rule: (String, YamlNode, YamlNode) -> YamlNode) -> YamlNode {
    guard case .mapping(var members) = base.content, case .mapping(let own) = content else { return self }
    for (key, value) in own {
      if let place = members.firstIndex(where: { $0.key.scalar == key.scalar }) {
        members[place] = (key, rule(key.scalar ?? "", value, members[place].value))
      } else {
        members.append((key, value))
      }
    }
    return YamlNode(mark: mark, content: .mapping(members))
  }

  fileprivate mutating func set(_ path: [String], _ value: YamlNode) {
    guard let name = path.first else { return self = value }
    var members = members
    let place = members.firstIndex { $0.key.scalar == name }
    var inner = place.map { members[$0].value } ?? .empty
    inner.set(Array(path.dropFirst()), value)
    let key = YamlNode(mark: value.mark, content: .scalar(name))
    if let place { members[place].value = inner } else { members.append((key, inner)) }
    content = .mapping(members)
  }
}

/// Writes a tree as YAML, without secrets.
private struct Writer {
  private static let secretKeys = ["password", "bearer", "keypassword", "secret", "authorization", "token"]

  /// `nil` writes none.
  let origins: [String]?
  let secrets: Secrets
  var lines: [String] = []

  init(origins: [String]?, secrets: Secrets) {
    self.origins = origins
    self.secrets = secrets
  }

  mutating func write(_ node: YamlNode, depth: Int) {
    for (key, value) in node.members { write(key.scalar ?? "", value, "", depth) }
  }

  /// `dash` begins an item of a list.
  private mutating func write(_ name: String, _ value: YamlNode, _ dash: String, _ depth: Int) {
    let head = String(repeating: "  ", count: depth) + dash + YamlText.scalar(name) + ":"
    switch value.content {
    case .null: add("\(head) null", value)
    case .scalar(let text): add("\(head) \(scalar(text, name))", value)
    case .mapping(let members) where members.isEmpty: add("\(head) {}", value)
    case .mapping:
      lines.append(head)
      write(value, depth: depth + 1 + dash.count / 2)
    case .sequence(let items):
      let texts = items.compactMap(\.scalar)
      guard texts.count < items.count else {
        return add("\(head) [\(texts.map { scalar($0, name) }.joined(separator: ", "))]", value)
      }
      lines.append(head)
      for item in items { write(item: item, name, depth + 1 + dash.count / 2) }
    }
  }

  private mutating func write(item: YamlNode, _ name: String, _ depth: Int) {
    let space = String(repeating: "  ", count: depth)
    switch item.content {
    case .null: add("\(space)- null", item)
    case .scalar(let text): add("\(space)- \(scalar(text, name))", item)
    case .mapping(let members):
      if members.isEmpty { add("\(space)- {}", item) }
      for (place, member) in members.enumerated() {
        write(member.key.scalar ?? "", member.value, place == 0 ? "- " : "  ", depth)
      }
    case .sequence(let items):
      add("\(space)- [\(items.compactMap(\.scalar).map { scalar($0, name) }.joined(separator: ", "))]", item)
    }
  }

  private mutating func add(_ line: String, _ node: YamlNode) {
    guard let origins else { return lines.append(line) }
    let mark = node.mark
    let place = mark.line == 0 ? origins[mark.file] : "\(origins[mark.file]):\(mark.line):\(mark.column)"
    let padding = String(repeating: " ", count: max(2, 44 - line.count))
    lines.append("\(line)\(padding)# \(YamlText.comment(place))\(referred(node))")
  }

  /// What of it the environment or a file gives.
  private func referred(_ node: YamlNode) -> String {
    let texts = if case .sequence(let items) = node.content { items.compactMap(\.scalar) } else { [node.scalar ?? ""] }
    let names = texts.flatMap { text in
      text.split(separator: "${").dropFirst(text.hasPrefix("${") ? 0 : 1).compactMap { part -> String? in
        guard let end = part.firstIndex(of: "}") else { return nil }
        let reference = part[..<end].split(separator: ":", maxSplits: 1)
        return reference.count == 2 ? "\(reference[0] == "env" ? "variable" : "file") \(reference[1])" : nil
      }
    }
    return names.isEmpty ? "" : YamlText.comment(", " + names.joined(separator: ", "))
  }

  private func scalar(_ text: String, _ name: String) -> String {
    let isReference = text.hasPrefix("${") && text.hasSuffix("}")
    let lowered = name.lowercased()
    let isSecret = Secrets.isSecret(property: lowered) || Self.secretKeys.contains { lowered.contains($0) }
    if isSecret, !isReference, !text.hasPrefix("/") { return "\"***\"" }
    if let number = Int(text), "\(number)" == text { return text }
    if ["true", "false"].contains(text) { return text }
    return YamlText.scalar(withoutPassword(secrets.mask(text)))
  }

  /// However short it is.
  private func withoutPassword(_ text: String) -> String {
    guard let scheme = text.firstRange(of: "://") else { return text }
    let rest = text[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return text }
    return text[...colon] + "***" + text[at...]
  }
}

extension DurationText {
  /// In the largest unit that it is a whole number of.
  fileprivate static func text(_ duration: Duration) -> String {
    let milliseconds = duration.nanosecondsClamped / 1_000_000
    let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
    guard let unit = units.first(where: { milliseconds != 0 && milliseconds % $0.1 == 0 }) else {
      return milliseconds == 0 ? "0" : "\(milliseconds)ms"
    }
    return "\(milliseconds / unit.1)\(unit.0)"
  }
}
