import Core
import Text

/// Reads one context of a configuration file.
struct ContextReader {
  /// Properties set by sagatop, so that watching changes nothing in the watched system.
  private static let fixedProperties: Set<String> = [
    "group.id", "enable.auto.commit", "auto.commit.enable", "enable.auto.offset.store", "enable.partition.eof",
    "log.queue", "allow.auto.create.topics",
  ]

  private static let lagIntervals = Duration.milliseconds(500)...(.seconds(3600))

  let reading: ParseContext
  /// Replaces the context's preset.
  var preset: String?
  var environment: [String: String] = [:]
  var isSelected = true

  /// Errors are reported.
  func read(_ name: String, _ node: YamlNode) -> Context {
    var reader = MappingReader(node, "the context `\(name)`", reading)
    defer { reader.finish() }
    let systems = SystemReader(reading: reading)
    var context = Context(name: name)
    context.isProtected = reader.bool("protected") ?? false
    context.theme = reader.theme()
    let place = reader.mark(of: "preset")
    context.preset = reader.nameOrPath("preset")
    context.since = reader.value("since", "a duration such as 30s, 15m or 1h30m, or all", ReadSpan.init(parsing:))
    context.fields = systems.fields(&reader)
    context.hints = HintsReader(reading: reading).read(&reader)
    context.sagas = sagas(&reader, of: context.preset, place, systems)
    let locks = LockSettingsReader(reading: reading)
    context.locks = locks.locks(&reader)
    context.counts = locks.counts(&reader)
    if let redis = reader.take("redis") { locks.readServers(redis, into: &context) }
    if let node = reader.take("services") {
      var services = ServicesReader(reading: reading)
      context.services = services.read(node)
      context.secrets.merge(services.secrets)
    }
    var sources = SourcesReader(reading: reading)
    context.evidence = sources.evidence(&reader)
    context.checks = reader.take("checks").map(ChecksReader(reading: reading).read) ?? []
    let hasOthers = readSources(&reader, &sources, into: &context)
    context.actions = systems.actions(&reader)
    if let node = reader.take("apis") {
      var apis = APIsReader(reading: reading)
      context.apis = apis.read(node)
      context.secrets.merge(apis.secrets)
    }
    var schemas = SchemasReader(reading: reading)
    context.schemas = schemas.read(&reader)
    context.secrets.merge(schemas.secrets)
    context.audit = reader.take("audit").map(audit) ?? .init()
    if let kafka = reader.take("kafka") {
      readKafka(kafka, into: &context)
    } else if !hasOthers, case .mapping = node.content {
      reading.add(node.mark, "the context `\(name)` needs `kafka` with `brokers`")
    }
    return context
  }

  private func audit(_ node: YamlNode) -> Settings.Audit {
    var reader = MappingReader(node, "`audit`", reading)
    defer { reader.finish() }
    var audit = Settings.Audit()
    if let path = reader.take("path"), let text = reading.word(path, "path") {
      let whole = reading.path(text, path.mark)
      if whole.hasPrefix("/"), !whole.hasSuffix("/") {
        audit.path = whole
      } else {
        reading.add(path.mark, "`path`: expected a file such as /var/log/sagatop/audit.jsonl\(Secrets.found(text))")
      }
    }
    audit.group = reader.string("group")
    audit.requiresReason = reader.bool("requireReason") ?? false
    return audit
  }

  /// Empty if the preset cannot be loaded. `place` is where it is named, if it is named in the file.
  private func sagas(
    _ reader: inout MappingReader, of ownPreset: String?, _ place: YamlNode.Mark?, _ systems: SystemReader
  ) -> [SagaDefinition] {
    guard let name = preset ?? ownPreset else { return systems.sagas(&reader) }
    guard name != Presets.none, let base = base(name, place) else {
      _ = reader.take("sagas")
      return []
    }
    return systems.sagas(&reader, over: base)
  }

  /// Errors are reported for the selected context only. Those of the command line's preset are reported where it is loaded for use.
  private func base(_ name: String, _ place: YamlNode.Mark?) -> SystemDefinition? {
    do throws(ConfigurationError) {
      let (file, bytes) = try Presets.bytes(name)
      do throws(ConfigurationError) { return try Presets.read(bytes, file: file, environment: environment) } catch {
        if isSelected, preset == nil { reading.diagnostics.add(others: error.problems) }
      }
    } catch {
      if isSelected, preset == nil, let place { reading.add(place, error.problems.joined(separator: " ")) }
    }
    return nil
  }

  /// Returns whether there is a source other than Kafka.
  private func readSources(
    _ reader: inout MappingReader, _ sources: inout SourcesReader, into context: inout Context
  ) -> Bool {
    context.documents = sources.documents(&reader)
    context.commands = sources.commands(&reader)
    context.secrets.merge(sources.secrets)
    let http = reader.take("http")
    if let http { readHTTP(http, into: &context) }
    return http != nil || !context.documents.isEmpty || !context.commands.isEmpty
  }

  private func readHTTP(_ node: YamlNode, into context: inout Context) {
    var reader = MappingReader(node, "`http`", reading)
    defer { reader.finish() }
    if let server = reader.take("server") {
      context.http.server = reading.word(server, "server").flatMap { text in
        if let url = ServiceURL(text), url.user == nil { return ServiceURL.sibling(of: url.text, path: "") }
        reading.add(server.mark, "`server`: expected a server such as http://host:8080")
        return nil
      }
    } else if case .mapping = node.content {
      reading.add(node.mark, "`http` needs a `server`, such as http://host:8080")
    }
    var accesses = AccessReader(reading: reading)
    context.http.access = accesses.read(&reader)
    context.secrets.merge(accesses.secrets)
  }

  private func readKafka(_ node: YamlNode, into context: inout Context) {
    var reader = MappingReader(node, "`kafka`", reading)
    defer { reader.finish() }
    if let brokers = reader.take("brokers") {
      context.brokers = self.brokers(brokers).joined(separator: ",")
    } else if case .mapping = node.content {
      reading.add(node.mark, "`kafka` needs `brokers`, such as host:9092")
    }
    let systems = SystemReader(reading: reading)
    context.topics = systems.topics(&reader)
    context.groups = systems.patterns("groups", &reader)
    context.lagInterval = reader.duration("lagInterval", Self.lagIntervals, "a duration from 500ms to 1h")
    context.allowedLag = reader.take("allowedLag").map(allowedLag) ?? []
    if let properties = reader.take("properties") { readProperties(properties, into: &context) }
  }

  /// By pattern of the group's name, in the order of the file. The first match is used.
  private func allowedLag(_ node: YamlNode) -> [(pattern: NamePattern, allowance: LagRules.Allowance)] {
    var reader = MappingReader(node, "`allowedLag`", reading)
    return reader.takeAll().compactMap { key, name, value in
      var allowed = MappingReader(value, "the lag that `\(name)` is allowed", reading)
      defer { allowed.finish() }
      let allowance = LagRules.Allowance(
        messages: Int64(allowed.integer("messages", 0...Int.max) ?? 0), age: allowed.duration("age") ?? .zero)
      do throws(NamePattern.Invalid) { return (try NamePattern(name), allowance) } catch {
        reading.add(key.mark, "`allowedLag`: \(error.message)")
        return nil
      }
    }
  }

  private func brokers(_ node: YamlNode) -> [String] {
    reading.words(node, "brokers").flatMap { text, mark -> [String] in
      do throws(BrokerList.Invalid) { return try BrokerList.parse(text) } catch {
        reading.add(mark, "`brokers`: \(error.message)")
        return []
      }
    }
  }

  private func readProperties(_ node: YamlNode, into context: inout Context) {
    var reader = MappingReader(node, "`properties`", reading)
    for (key, name, value) in reader.takeAll() {
      if name == "bootstrap.servers" || name == "metadata.broker.list" {
        reading.add(key.mark, "`\(name)`: the brokers are given as `brokers` of `kafka`")
      } else if Self.fixedProperties.contains(name) {
        reading.add(key.mark, "`\(name)` is set by sagatop, so that watching changes nothing")
      } else if let resolved = reading.resolved(value, name) {
        context.properties.append((name, resolved.text))
        for secret in resolved.values { context.secrets.insert(secret) }
        if Secrets.isSecret(property: name) { context.secrets.insert(resolved.text) }
      }
    }
    let properties = context.properties
    let value = { (name: String) in properties.last { $0.name == "sasl.oauthbearer.client.\(name)" }?.value }
    if let secret = value("secret") { context.secrets.insert(user: value("id"), password: secret) }
  }
}

/// Reads the `checks` of a context: named checks for monitors.
struct ChecksReader {
  private static let most = 200

  let reading: ParseContext

  func read(_ node: YamlNode) -> [Check] {
    var reader = MappingReader(node, "`checks`", reading)
    let members = reader.takeAll()
    if members.count > Self.most { reading.add(node.mark, "`checks`: more than \(Self.most)") }
    return members.prefix(Self.most).compactMap { key, name, value in
      guard !name.isEmpty, let text = reading.word(value, name) else { return nil }
      do throws(CheckParser.Invalid) { return try CheckParser.check(text, name: name) } catch {
        reading.add(value.mark, "the check `\(name)`: \(error.message)")
        return nil
      }
    }
  }
}

/// Reads a context's hints for inference: `ids`, `flow` and `words`.
struct HintsReader {
  let reading: ParseContext

  func read(_ reader: inout MappingReader) -> InferenceHints {
    var hints = InferenceHints()
    hints.ids = reader.sources("ids")
    hints.flow = reader.texts("flow").flatMap { Self.names($0.text) }
    if let node = reader.take("words") { hints.words = words(node) }
    return hints
  }

  private func words(_ node: YamlNode) -> [Vocabulary.WordClass: [String]] {
    var reader = MappingReader(node, "`words`", reading)
    defer { reader.finish() }
    var words: [Vocabulary.WordClass: [String]] = [:]
    for (key, kind) in Self.classes {
      let texts = reader.texts(key).flatMap { Self.names($0.text) }
      if !texts.isEmpty { words[kind] = texts }
    }
    return words
  }

  /// Splits a list such as "stock, payment".
  private static func names(_ text: String) -> [String] {
    text.split(separator: ",").map { name in
      String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty }
  }

  private static let classes: [(String, Vocabulary.WordClass)] = [
    ("done", .done), ("failed", .failed), ("undone", .undone), ("started", .begun), ("asked", .asked), ("step", .acted),
    ("nothing", .told),
  ]
}
