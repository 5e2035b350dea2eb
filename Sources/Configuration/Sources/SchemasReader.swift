import Core
import Text

/// Reads the schema sources of a context: `schemaRegistry` and `schemas`.
struct SchemasReader {
  let reading: ParseContext
  private(set) var secrets = Secrets()

  init(reading: ParseContext) { self.reading = reading }

  mutating func read(_ reader: inout MappingReader) -> SchemaSettings {
    var settings = SchemaSettings()
    if let node = reader.take("schemaRegistry") { settings.registry = registry(node) }
    if let node = reader.take("schemas") { settings.files = files(node) }
    return settings
  }

  /// A URL, or a mapping with a URL.
  private mutating func registry(_ node: YamlNode) -> SchemaSettings.Registry? {
    if case .scalar = node.content { return url(node).map { Self.registry($0, HTTPAccess()) } }
    var reader = MappingReader(node, "`schemaRegistry`", reading)
    defer { reader.finish() }
    var accesses = AccessReader(reading: reading)
    let access = accesses.read(&reader)
    secrets.merge(accesses.secrets)
    let idBytes = reader.integer("idBytes", 4...8) ?? 4
    guard let place = reader.take("url") else {
      if case .mapping = node.content {
        reading.add(node.mark, "`schemaRegistry` needs a `url`, such as http://host:8081")
      }
      return nil
    }
    if idBytes != 4, idBytes != 8 { reading.add(node.mark, "`idBytes`: expected 4 or 8, found \(idBytes)") }
    return url(place).map { url in
      var registry = Self.registry(url, access)
      registry.idBytes = idBytes
      return registry
    }
  }

  private mutating func url(_ node: YamlNode) -> ServiceURL? {
    guard let resolved = reading.resolved(node, "url") else { return nil }
    for value in resolved.values { secrets.insert(value) }
    guard let url = ServiceURL(resolved.text), url.query == nil, !url.text.contains("#") else {
      let found = ServiceURL.found(resolved)
      reading.add(node.mark, "`url`: expected a schema registry such as http://host:8081\(found)")
      return nil
    }
    secrets.insert(url)
    return url
  }

  static func registry(_ url: ServiceURL, _ access: HTTPAccess) -> SchemaSettings.Registry {
    var access = access
    if let user = url.user { (access.user, access.password) = (user, url.password) }
    var text = url.text
    while text.hasSuffix("/") { text.removeLast() }
    return .init(url: text, access: access)
  }

  /// `topic-*: file.avsc`, `file.proto` or `file.desc`. The full name of the Protobuf message follows after a `#`.
  private func files(_ node: YamlNode) -> [SchemaSettings.File] {
    var reader = MappingReader(node, "`schemas`", reading)
    return reader.takeAll().compactMap { key, name, value in
      guard let text = reading.word(value, name) else { return nil }
      let parts = text.split(separator: "#", maxSplits: 1).map(String.init)
      let path = reading.path(parts.first ?? "", value.mark)
      do throws(NamePattern.Invalid) {
        return .init(
          topics: try NamePattern(name), path: path, message: parts.count > 1 ? parts[1] : nil,
          place: "\(reading.diagnostics.place(value.mark)): `schemas`")
      } catch {
        reading.add(key.mark, "`schemas`: \(error.message)")
        return nil
      }
    }
  }
}
