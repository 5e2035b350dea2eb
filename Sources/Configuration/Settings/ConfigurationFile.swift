import Core

/// A configuration file as it stands: contexts by name, and what is common to them.
struct ConfigurationFile {
  struct Context {
    var name: String
    var mark: YamlNode.Mark
    var isProtected = false
    var preset: String?
    var brokers: String?
    var properties: [(name: String, value: String)] = []
    var topics: [String] = []
    var since: Duration?
    var system: SystemDefinition?
  }

  var path: String
  var currentContext: String?
  var contexts: [Context] = []
  var theme: String?
  var isASCII: Bool?
  var hasMouse: Bool?
  var hasColor: Bool?
  var limits = StoreLimits()

  init(_ bytes: [UInt8], path: String, secrets: SecretResolver) throws(ConfigurationError) {
    self.path = path
    let diagnostics = Diagnostics(file: path)
    let root = try YamlDocument.root(bytes, file: path)
    var reader = MappingReader(root, "a configuration", diagnostics, secrets)
    currentContext = reader.string("currentContext")
    contexts = Self.contexts(reader.take("contexts"), diagnostics, secrets)
    theme = reader.string("theme")
    if let node = reader.take("ui") { readInterface(node, diagnostics, secrets) }
    readLimits(&reader)
    reader.finish()
    if contexts.isEmpty { diagnostics.add(root.mark, "expected `contexts` with at least one context") }
    try diagnostics.check()
  }

  private mutating func readInterface(_ node: YamlNode, _ diagnostics: Diagnostics, _ secrets: SecretResolver) {
    var reader = MappingReader(node, "`ui`", diagnostics, secrets)
    isASCII = reader.bool("ascii")
    hasMouse = reader.bool("mouse")
    hasColor = reader.bool("color")
    reader.finish()
  }

  private mutating func readLimits(_ reader: inout MappingReader) {
    if let retention = reader.duration("retention") { limits.retention = retention }
    if let sagas = reader.integer("maxSagas", 100...10_000_000) { limits.maxSagas = sagas }
    if let events = reader.integer("maxEventsPerSaga", 10...100_000) { limits.maxEventsPerSaga = events }
    if let megabytes = reader.integer("payloadMegabytes", 1...16_384) { limits.messageBytes = megabytes << 20 }
  }

  private static func contexts(
    _ node: YamlNode?, _ diagnostics: Diagnostics, _ secrets: SecretResolver
  ) -> [Context] {
    guard let node else { return [] }
    var reader = MappingReader(node, "`contexts`", diagnostics, secrets)
    return reader.takeAll().map { key, value in
      context(key.scalar ?? "", value, diagnostics, secrets)
    }
  }

  private static func context(
    _ name: String, _ node: YamlNode, _ diagnostics: Diagnostics, _ secrets: SecretResolver
  ) -> Context {
    var context = Context(name: name, mark: node.mark)
    var reader = MappingReader(node, "the context `\(name)`", diagnostics, secrets)
    let systems = SystemReader(diagnostics: diagnostics, secrets: secrets)
    context.isProtected = reader.bool("protected") ?? false
    context.preset = reader.string("preset")
    context.since = reader.duration("since")
    if let node = reader.take("system") { context.system = systems.read(node) }
    if let node = reader.take("kafka") {
      var kafka = MappingReader(node, "`kafka`", diagnostics, secrets)
      let brokers = kafka.texts("brokers").map(\.text)
      context.brokers = brokers.isEmpty ? nil : brokers.joined(separator: ",")
      if brokers.isEmpty { diagnostics.add(node.mark, "`kafka` needs `brokers`, such as host:9092") }
      context.topics = systems.topics(&kafka)
      context.properties = properties(kafka.take("properties"), diagnostics, secrets)
      kafka.finish()
    }
    reader.finish()
    return context
  }

  private static func properties(
    _ node: YamlNode?, _ diagnostics: Diagnostics, _ secrets: SecretResolver
  ) -> [(name: String, value: String)] {
    guard let node else { return [] }
    var reader = MappingReader(node, "`properties`", diagnostics, secrets)
    return reader.takeAll().compactMap { key, value in
      let name = key.scalar ?? ""
      return reader.text(value, "`\(name)`").map { (name, $0) }
    }
  }
}
