import Core

/// The sources of evidence for causes; `nil` for one that is not configured.
package struct EvidenceSettings: Sendable {
  package var traces: TraceStoreSettings?
  package var kubernetes: KubernetesSettings?
}

/// Reads sources other than topics: documents, commands and the sources of evidence.
struct SourcesReader {
  private static let mostSources = 100
  private static let mostRules = 1000
  private static let intervals = Duration.milliseconds(100)...(.seconds(86_400))

  let reading: ParseContext
  /// Values to hide in all output.
  private(set) var secrets = Secrets()

  init(reading: ParseContext) {
    self.reading = reading
  }

  mutating func documents(_ reader: inout MappingReader) -> [DocumentDefinition] {
    members("documents", &reader).compactMap { document($0.name, $0.value) }
  }

  mutating func commands(_ reader: inout MappingReader) -> [CommandDefinition] {
    members("commands", &reader).compactMap { command($0.name, $0.value) }
  }

  mutating func evidence(_ reader: inout MappingReader) -> EvidenceSettings {
    var settings = EvidenceSettings()
    if let node = reader.take("traces") {
      var traces = TracesReader(reading: reading)
      settings.traces = traces.read(node)
      secrets.merge(traces.secrets)
    }
    if let node = reader.take("kubernetes") {
      var kubernetes = KubernetesReader(reading: reading)
      settings.kubernetes = kubernetes.read(node)
      secrets.merge(kubernetes.secrets)
    }
    return settings
  }

  private func members(_ key: String, _ reader: inout MappingReader) -> [(name: String, value: YamlNode)] {
    guard let node = reader.take(key) else { return [] }
    var reader = MappingReader(node, "`\(key)`", reading)
    let members = reader.takeAll()
    if members.count > Self.mostSources {
      reading.add(node.mark, "`\(key)`: expected at most \(Self.mostSources), found \(members.count)")
    }
    return members.prefix(Self.mostSources).map { ($0.name, $0.value) }
  }

  private mutating func document(_ name: String, _ node: YamlNode) -> DocumentDefinition? {
    var reader = MappingReader(node, "the document `\(name)`", reading)
    defer { reader.finish() }
    let address = reader.take("url")
    if address == nil, case .mapping = node.content {
      reading.add(node.mark, "the document `\(name)` needs a `url`, such as /api/events")
    }
    let url = address.flatMap { self.url($0) }
    var document = DocumentDefinition(name: name, url: url ?? "")
    let (interval, timeout) = (self.duration("interval", &reader), self.duration("timeout", &reader))
    document.interval = interval ?? document.interval
    document.timeout = timeout ?? document.timeout
    document.messages = rules(&reader, areLines: false)
    document.paging = reader.take("paging").flatMap(paging)
    document.order = reader.take("order").flatMap(order)
    return url == nil ? nil : document
  }

  private mutating func command(_ name: String, _ node: YamlNode) -> CommandDefinition? {
    var reader = MappingReader(node, "the command `\(name)`", reading)
    defer { reader.finish() }
    let run = reader.take("run").map { self.run($0) } ?? []
    if run.isEmpty, case .mapping = node.content {
      reading.add(node.mark, "the command `\(name)` needs `run`, such as [kubectl, logs, -f, job/name]")
    }
    var command = CommandDefinition(name: name, run: run)
    command.prefix = reader.take("prefix").flatMap { expression($0, "prefix") }
    command.messages = rules(&reader, areLines: true)
    command.interval = duration("interval", &reader) ?? command.interval
    return run.isEmpty ? nil : command
  }

  private func duration(_ key: String, _ reader: inout MappingReader) -> Duration? {
    reader.duration(key, Self.intervals, "a duration from 100ms to 1d")
  }

  /// A URL, or a path on the system's server.
  private mutating func url(_ node: YamlNode) -> String? {
    guard let resolved = reading.resolved(node, "url") else { return nil }
    for value in resolved.values { secrets.insert(value) }
    if resolved.text.hasPrefix("/") {
      for value in ServiceURL("http://server" + resolved.text)?.secretArguments ?? [] { secrets.insert(value) }
      return resolved.text
    }
    if let url = ServiceURL(resolved.text), url.user == nil {
      secrets.insert(url)
      return url.text
    }
    reading.add(node.mark, "`url`: expected a path such as /api/events, or a URL without user and password")
    return nil
  }

  private mutating func run(_ node: YamlNode) -> [String] {
    let items: [YamlNode] = if case .sequence(let items) = node.content { items } else { [node] }
    return items.compactMap { item in
      guard let resolved = reading.resolved(item, "run") else { return nil }
      for value in resolved.values { secrets.insert(value) }
      return resolved.text
    }
  }

  private func rules(_ reader: inout MappingReader, areLines: Bool) -> [MessageRule] {
    guard let node = reader.take("messages") else { return [] }
    let items: [YamlNode] = if case .sequence(let items) = node.content { items } else { [node] }
    if items.count > Self.mostRules {
      reading.add(node.mark, "`messages`: expected at most \(Self.mostRules), found \(items.count)")
    }
    return items.prefix(Self.mostRules).map { rule($0, areLines: areLines) }
  }

  private func rule(_ node: YamlNode, areLines: Bool) -> MessageRule {
    var reader = MappingReader(node, "a rule of `messages`", reading)
    defer { reader.finish() }
    var rule = MessageRule()
    rule.each = reader.take("each").map { names($0, "each") } ?? []
    rule.type = reader.take("type").flatMap(template)
    guard areLines else { return rule }
    rule.pattern = reader.take("pattern").flatMap { expression($0, "pattern") }
    rule.begins = reader.take("begins").flatMap(run)
    if rule.pattern != nil, !rule.each.isEmpty {
      reading.add(node.mark, "a rule has either a `pattern` for lines or `each` for JSON")
    }
    return rule
  }

  /// A member name, or a mapping with `member` and `per`.
  private func run(_ node: YamlNode) -> MessageRule.Run? {
    if case .scalar = node.content { return reading.word(node, "begins").map { .init(member: $0) } }
    var reader = MappingReader(node, "`begins`", reading)
    defer { reader.finish() }
    let (member, per) = (reader.string("member"), reader.string("per"))
    if member == nil, case .mapping = node.content {
      reading.add(node.mark, "`begins` needs a `member`, such as {member: run, per: pod}")
    }
    return member.map { .init(member: $0, per: per) }
  }

  private func template(_ node: YamlNode) -> FieldSource? {
    guard let text = reading.word(node, "type") else { return nil }
    // A text without braces is a literal name.
    guard text.contains("{") || text.contains("}") else { return .template([.text(text)]) }
    guard let source = reading.source(text, node.mark, "type") else { return nil }
    for field in source.fields {
      switch field {
      case .path, .topic, .template: continue
      case .header, .key, .keyPath:
        reading.add(
          node.mark,
          "`type`: a document's messages have neither key nor headers, found `\(FieldSourceText.text(field))`")
      }
    }
    return source
  }

  private func expression(_ node: YamlNode, _ key: String) -> String? {
    guard let text = reading.word(node, key) else { return nil }
    do { _ = try Regex(text) } catch {
      reading.add(node.mark, "`\(key)`: `\(text)` is no regular expression")
      return nil
    }
    return text
  }

  /// A path such as `data.order.id`, with `*` for each element of a list.
  private func names(_ node: YamlNode, _ key: String) -> [String] {
    guard let text = reading.word(node, key) else { return [] }
    guard case .path(let names)? = try? FieldSourceText.parse(text.hasPrefix("$.") ? text : "$." + text) else {
      reading.add(node.mark, "`\(key)`: expected a path such as sagas.*.steps.*\(Secrets.found(text))")
      return []
    }
    return names
  }

  private func paging(_ node: YamlNode) -> DocumentDefinition.Paging? {
    var reader = MappingReader(node, "`paging`", reading)
    defer { reader.finish() }
    let (parameter, member) = (reader.string("parameter"), reader.take("member").map { names($0, "member") })
    guard let parameter, let member, !member.isEmpty else {
      reading.add(
        node.mark, "`paging` needs a `parameter` and a `member`, such as {parameter: after, member: event_id}")
      return nil
    }
    return .init(parameter: parameter, member: member)
  }

  private func order(_ node: YamlNode) -> DocumentDefinition.Order? {
    var reader = MappingReader(node, "`order`", reading)
    defer { reader.finish() }
    let (member, per) = (reader.take("member").map { names($0, "member") }, reader.take("per").map { names($0, "per") })
    guard let member, let per, !member.isEmpty, !per.isEmpty else {
      reading.add(node.mark, "`order` needs a `member` and `per`, such as {member: version, per: aggregate_id}")
      return nil
    }
    return .init(member: member, per: per)
  }
}
