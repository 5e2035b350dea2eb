import Core
import Text

/// Reads the parts of a system's description; a preset and a context have them under the same keys.
struct SystemReader {
  private static let mostSagas = 65_535

  let reading: ParseContext

  /// A whole preset. What is wrong with it is reported.
  func preset(_ node: YamlNode) -> SystemDefinition {
    var reader = MappingReader(node, "a preset", reading)
    defer { reader.finish() }
    var sources = SourcesReader(reading: reading)
    var system = SystemDefinition(
      name: reader.string("name") ?? "", topics: topics(&reader), fields: fields(&reader), sagas: sagas(&reader),
      locks: LockSettingsReader(reading: reading).locks(&reader),
      counts: LockSettingsReader(reading: reading).counts(&reader),
      healthPath: healthPath(&reader), documents: sources.documents(&reader), commands: sources.commands(&reader),
      services: services(&reader))
    system.actions = actions(&reader)
    for (key, isMissing) in [("topics", !system.hasEvents), ("sagas", system.sagas.isEmpty)] where isMissing {
      reading.add(node.mark, "a preset needs `\(key)`")
    }
    return system
  }

  func actions(_ reader: inout MappingReader) -> [ActionDefinition] {
    reader.take("actions").map { ActionsReader(reading: reading).read($0) } ?? []
  }

  private func healthPath(_ reader: inout MappingReader) -> String? {
    reader.take("healthPath").flatMap { path($0, "healthPath") }
  }

  private func path(_ node: YamlNode, _ key: String) -> String? {
    guard let path = reading.word(node, key) else { return nil }
    if path.hasPrefix("/") { return path }
    reading.add(node.mark, "`\(key)`: expected a path such as /health, found `\(path)`")
    return nil
  }

  /// Each is a path, or a mapping with one.
  private func services(_ reader: inout MappingReader) -> [SystemService] {
    guard let node = reader.take("services") else { return [] }
    var services = MappingReader(node, "`services`", reading)
    return services.takeAll().compactMap { _, name, value in
      if case .scalar = value.content { return path(value, "services").map { SystemService(name: name, health: $0) } }
      var one = MappingReader(value, "the service `\(name)`", reading)
      defer { one.finish() }
      let health = one.take("path")
      if health == nil, case .mapping = value.content {
        reading.add(value.mark, "the service `\(name)` needs a `path`")
      }
      let metrics = one.take("metrics").flatMap { path($0, "metrics") }
      let gauges = one.texts("gauges").map(\.text)
      let timeout = one.duration("timeout")
      if let timeout, timeout < .milliseconds(100) {
        reading.add(value.mark, "the service `\(name)`: `timeout` is at least 100ms")
      }
      return health.flatMap { path($0, "path") }.map {
        SystemService(name: name, health: $0, metrics: metrics, gauges: gauges, timeout: timeout)
      }
    }
  }

  func topics(_ reader: inout MappingReader) -> [String] { patterns("topics", &reader) }

  /// Names, globs or regular expressions, as `NamePattern` takes them.
  func patterns(_ name: String, _ reader: inout MappingReader) -> [String] {
    reader.texts(name).compactMap { text, mark in
      do throws(NamePattern.Invalid) {
        _ = try NamePattern(text)
        return text
      } catch {
        reading.add(mark, "`\(name)`: \(error.message)")
        return nil
      }
    }
  }

  func fields(_ reader: inout MappingReader) -> EventFields {
    guard let node = reader.take("fields") else { return EventFields() }
    var fields = MappingReader(node, "`fields`", reading)
    defer { fields.finish() }
    return EventFields(
      type: fields.sources("type"), time: fields.sources("time"), id: fields.sources("id"),
      node: fields.sources("node"), version: fields.sources("version"), envelope: envelope(&fields))
  }

  /// Only what stands in the body can be opened.
  private func envelope(_ fields: inout MappingReader) -> [FieldSource] {
    guard let node = fields.take("envelope") else { return [] }
    return reading.words(node, "envelope").compactMap { text, mark in
      if let source = FieldSourceText.parse(text), case .path = source { return source }
      reading.add(mark, "`envelope`: expected a path such as payload or after.payload, found `\(text)`")
      return nil
    }
  }

  func sagas(_ reader: inout MappingReader) -> [SagaDefinition] {
    members(&reader).map { SagaReader(type: $0.name, reading: reading).read($0.value) }
  }

  /// A context's. Of which nothing but `actions` is said are the preset's sagas, with these actions beside, or in place of, its own.
  func sagasAndActions(
    _ reader: inout MappingReader
  ) -> (sagas: [SagaDefinition], actions: [String: [ActionDefinition]]) {
    var sagas: [SagaDefinition] = []
    var actions: [String: [ActionDefinition]] = [:]
    for member in members(&reader) {
      if let alone = Self.actionsAlone(member.value) {
        actions[member.name] = ActionsReader(ofKnownSagas: reading).read(alone)
      } else {
        sagas.append(SagaReader(type: member.name, reading: reading).read(member.value))
      }
    }
    return (sagas, actions)
  }

  private static func actionsAlone(_ node: YamlNode) -> YamlNode? {
    guard case .mapping(let members) = node.content, members.count == 1, members[0].key.scalar == "actions" else {
      return nil
    }
    return members[0].value
  }

  private func members(_ reader: inout MappingReader) -> [(name: String, value: YamlNode)] {
    guard let node = reader.take("sagas") else { return [] }
    var sagas = MappingReader(node, "`sagas`", reading)
    let members = sagas.takeAll()
    if members.count > Self.mostSagas {
      reading.add(node.mark, "`sagas`: expected at most \(Self.mostSagas), found \(members.count)")
    }
    return members.prefix(Self.mostSagas).map { ($0.name, $0.value) }
  }
}

extension MappingReader {
  /// One field source or a list of them, in order of preference.
  mutating func sources(_ name: String) -> [FieldSource] {
    take(name).map { reading.sources($0, name) } ?? []
  }
}

extension ParseContext {
  func sources(_ node: YamlNode, _ name: String) -> [FieldSource] {
    words(node, name).compactMap { text, mark in
      if let source = FieldSourceText.parse(text) { return source }
      add(mark, "`\(name)`: expected a path such as data.orderId, header:NAME, key or topic, found `\(text)`")
      return nil
    }
  }
}
