import Core
import Text

/// Reads the parts of a system definition. A preset and a context use the same keys.
struct SystemReader {
  private static let mostSagas = 65_535

  let reading: ParseContext

  /// A complete preset. Errors are reported.
  func preset(_ node: YamlNode) -> SystemDefinition {
    var reader = MappingReader(node, "a preset", reading)
    if case .mapping(let members) = node.content, let contexts = members.first(where: { $0.key.scalar == "contexts" }) {
      reading.add(
        contexts.key.mark, "this is a configuration, not a preset: use `--config FILE` instead of `--preset FILE`")
      return SystemDefinition(name: "", topics: [], sagas: [])
    }
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
    reading.add(node.mark, "`\(key)`: expected a path such as /health\(Secrets.found(path))")
    return nil
  }

  /// Each service is a path, or a mapping with a path.
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
      let ignoresBody = one.take("body").map(ignoresBody) ?? false
      return health.flatMap { path($0, "path") }.map {
        SystemService(
          name: name, health: $0, metrics: metrics, gauges: gauges, timeout: timeout, ignoresBody: ignoresBody)
      }
    }
  }

  private func ignoresBody(_ node: YamlNode) -> Bool {
    var body = MappingReader(node, "`body`", reading)
    defer { body.finish() }
    return body.bool("ignore") ?? false
  }

  func topics(_ reader: inout MappingReader) -> [String] { patterns("topics", &reader) }

  /// Names, globs or regular expressions, as in `NamePattern`.
  func patterns(_ name: String, _ reader: inout MappingReader) -> [String] {
    reader.texts(name).compactMap { text, mark in
      if !text.hasPrefix("^"), text.contains("{") {
        reading.warn(mark, "`\(name)`: `\(text)` is a name and no template; a pattern is written orders-*")
      }
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
    var reader = MappingReader(node, "`fields`", reading)
    defer { reader.finish() }
    var fields = EventFields(
      type: reader.sources("type"), id: reader.sources("id"), node: reader.sources("node"),
      version: reader.sources("version"), envelope: envelope(&reader))
    fields.trace = reader.sources("trace")
    if let time = reader.take("time") { readTime(time, into: &fields) }
    return fields
  }

  /// A list of sources, or a mapping with the sources and the time format.
  private func readTime(_ node: YamlNode, into fields: inout EventFields) {
    guard case .mapping = node.content else {
      fields.time = reading.sources(node, "time")
      return
    }
    var reader = MappingReader(node, "`time`", reading)
    defer { reader.finish() }
    fields.time = reader.sources("from")
    if let format = reader.take("format"), let text = reading.word(format, "format") {
      do throws(TimeFormat.Invalid) { fields.timeFormat = try TimeFormat(text) } catch {
        reading.add(format.mark, "`format`: \(error.message)")
      }
    }
    if let zone = reader.take("zone"), let text = reading.word(zone, "zone") {
      do throws(ZoneFile.Invalid) { fields.timeZone = try reading.zones.read(text) } catch {
        reading.add(zone.mark, "`zone`: \(error.message)")
      }
    }
  }

  /// Only a path in the body is allowed.
  private func envelope(_ fields: inout MappingReader) -> [FieldSource] {
    guard let node = fields.take("envelope") else { return [] }
    return reading.words(node, "envelope").compactMap { text, mark in
      if let source = try? FieldSourceText.parse(text), case .path = source { return source }
      reading.add(mark, "`envelope`: expected a path such as payload or after.payload, found `\(text)`")
      return nil
    }
  }

  /// If a preset is given, a context needs to contain only the differences.
  func sagas(_ reader: inout MappingReader, over preset: SystemDefinition? = nil) -> [SagaDefinition] {
    members(&reader).map { member in
      let base = preset?.sagas.first { $0.type == member.name }
      let hint = preset.map { preset in
        "; the preset `\(preset.name)` has no such saga\(NearestWord.hint(member.name, among: preset.sagas.map(\.type)))"
      }
      return SagaReader(type: member.name, reading: reading, base: base, hint: hint ?? "").read(member.value)
    }
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
