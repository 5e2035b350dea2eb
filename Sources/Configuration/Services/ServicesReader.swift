import Core

/// Reads the services of a context.
struct ServicesReader {
  private static let mostServices = 1000

  let reading: ParseContext
  /// What is to be kept out of every text.
  private(set) var secrets = Secrets()

  init(reading: ParseContext) {
    self.reading = reading
  }

  mutating func read(_ node: YamlNode) -> [ServiceSettings] {
    var reader = MappingReader(node, "`services`", reading)
    let members = reader.takeAll()
    if members.count > Self.mostServices {
      reading.add(node.mark, "`services`: expected at most \(Self.mostServices), found \(members.count)")
    }
    var services: [ServiceSettings] = []
    for (_, name, value) in members.prefix(Self.mostServices) {
      var one = ServiceReader(name: name, reading: reading)
      if let service = one.read(value) { services.append(service) }
      secrets.merge(one.secrets)
    }
    for place in services.indices { services[place].hide(secrets) }
    return services
  }
}
