import Core

/// Reads the `kubernetes` settings of a context: which pods are watched and to which services they belong.
struct KubernetesReader {
  private static let mostServices = 1000

  let reading: ParseContext
  /// Values to hide in all output.
  private(set) var secrets = Secrets()

  init(reading: ParseContext) {
    self.reading = reading
  }

  mutating func read(_ node: YamlNode) -> KubernetesSettings {
    var reader = MappingReader(node, "`kubernetes`", reading)
    defer { reader.finish() }
    var settings = KubernetesSettings()
    settings.context = reader.take("context").flatMap { word($0, "context") }
    settings.namespace = reader.take("namespace").flatMap { word($0, "namespace") }
    settings.selector = reader.take("selector").flatMap { word($0, "selector") }
    settings.jobs = reader.take("jobs").flatMap { word($0, "jobs") }
    let node = reader.take("command")
    secrets.insert(literals: node.map { reading.references(in: $0) } ?? [])
    let command = node.map { reading.words($0, "command") } ?? []
    if let (program, mark) = command.first {
      let path = program.contains("/") ? reading.path(program, mark) : program
      settings.command = [path] + command.dropFirst().map(\.text)
    }
    let labels = reader.texts("labels").map(\.text)
    if !labels.isEmpty { settings.labels = labels }
    if let services = reader.take("services") { readServices(services, into: &settings) }
    return settings
  }

  /// A text that starts with a hyphen would be an option of the client.
  private func word(_ node: YamlNode, _ key: String) -> String? {
    guard let text = reading.word(node, key) else { return nil }
    guard text.hasPrefix("-") else { return text }
    reading.add(node.mark, "`\(key)`: expected a word that does not begin with a hyphen, found `\(text)`")
    return nil
  }

  /// Maps a label value to the service name used in steps and health checks.
  private func readServices(_ node: YamlNode, into settings: inout KubernetesSettings) {
    var reader = MappingReader(node, "`services`", reading)
    for (_, label, value) in reader.takeAll().prefix(Self.mostServices) {
      if let service = reading.word(value, label) { settings.services[label] = service }
    }
  }
}
