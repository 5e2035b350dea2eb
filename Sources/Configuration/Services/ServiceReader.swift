import Core
import Text

/// Reads one service: a URL, or a mapping.
struct ServiceReader {
  private static let mostInstances = 1000

  let name: String
  let reading: ParseContext
  private(set) var secrets = Secrets()

  init(name: String, reading: ParseContext) {
    self.name = name
    self.reading = reading
  }

  /// `nil` if it has no URL, which is reported, or if references are not resolved.
  mutating func read(_ node: YamlNode) -> ServiceSettings? {
    if case .scalar = node.content { return url(node, "services").map { ServiceSettings(name: name, url: $0) } }
    var reader = MappingReader(node, "the service `\(name)`", reading)
    defer { reader.finish() }
    var entry = AccessReader(reading: reading)
    let access = entry.read(&reader)
    secrets.merge(entry.secrets)
    let interval = reader.duration("interval") ?? .seconds(2)
    let timeout = reader.duration("timeout") ?? .seconds(2)
    let slow = reader.duration("slow")
    let body = reader.take("body").map { readBody($0) } ?? HealthBodyReader()
    let gauges = reader.texts("gauges").map(\.text)
    let (instances, targets) = readInstances(&reader, node, access)
    for (key, time) in [("interval", interval), ("timeout", timeout)] where time < .milliseconds(100) {
      reading.add(node.mark, "the service `\(name)`: `\(key)` is at least 100ms")
    }
    guard !instances.isEmpty else { return nil }
    return ServiceSettings(
      definition: ServiceDefinition(
        name: name, instances: instances, interval: interval, timeout: timeout, slow: slow),
      targets: targets, body: body, gauges: gauges)
  }

  private mutating func readInstances(
    _ reader: inout MappingReader, _ node: YamlNode, _ access: HTTPAccess
  ) -> ([ServiceDefinition.Instance], [ServiceSettings.Target]) {
    let metrics = reader.take("metrics")
    let (url, list) = (reader.take("url"), reader.take("instances"))
    if (url == nil) == (list == nil), case .mapping = node.content {
      reading.add(node.mark, "the service `\(name)` needs either `url` or `instances`")
    }
    var items = url.map { [$0] } ?? []
    if let list {
      if case .sequence(let elements) = list.content { items += elements } else { items.append(list) }
    }
    if items.count > Self.mostInstances {
      reading.add(node.mark, "`instances`: expected at most \(Self.mostInstances), found \(items.count)")
    }
    var instances: [ServiceDefinition.Instance] = []
    var targets: [ServiceSettings.Target] = []
    for item in items.prefix(Self.mostInstances) {
      guard let (instance, target) = readInstance(item, metrics, access) else { continue }
      instances.append(instance)
      targets.append(target)
    }
    return (instances, targets)
  }

  /// A URL, or a mapping with a URL. Its settings override those of the service.
  private mutating func readInstance(
    _ node: YamlNode, _ metrics: YamlNode?, _ access: HTTPAccess
  ) -> (ServiceDefinition.Instance, ServiceSettings.Target)? {
    if case .scalar = node.content {
      return url(node, "url").map { make($0, node: nil, metrics: metrics, access) }
    }
    var reader = MappingReader(node, "an instance", reading)
    defer { reader.finish() }
    var access = access
    if let socket = reader.path("unixSocket") { access.unixSocket = socket }
    if let host = reader.string("host") { access.host = AccessReader(reading: reading).header(host, node.mark) }
    let own = reader.take("metrics")
    let place = reader.string("node")
    guard let node = reader.take("url") else {
      if case .mapping = node.content { reading.add(node.mark, "an instance needs a `url`") }
      return nil
    }
    return url(node, "url").map { make($0, node: place, metrics: own ?? metrics, access) }
  }

  private mutating func make(
    _ url: ServiceURL, node: String?, metrics: YamlNode?, _ access: HTTPAccess
  ) -> (ServiceDefinition.Instance, ServiceSettings.Target) {
    var access = access
    if let user = url.user { (access.user, access.password) = (user, url.password) }
    let metrics = metrics.flatMap { metricsURL($0, of: url) }
    return (
      ServiceDefinition.Instance(url: url.text, node: node, metrics: metrics),
      ServiceSettings.Target(url: url.text, metrics: metrics, access: access)
    )
  }

  /// A URL, or a path on the instance's server.
  private mutating func metricsURL(_ node: YamlNode, of url: ServiceURL) -> String? {
    guard let text = reading.word(node, "metrics") else { return nil }
    return text.hasPrefix("/") ? ServiceURL.sibling(of: url.text, path: text) : self.url(node, "metrics")?.text
  }

  private mutating func url(_ node: YamlNode, _ key: String) -> ServiceURL? {
    guard let resolved = reading.resolved(node, key) else { return nil }
    guard let url = ServiceURL(resolved.text) else {
      reading.add(
        node.mark, "`\(key)`: expected a URL such as http://host:8080/health\(ServiceURL.found(resolved))")
      return nil
    }
    secrets.insert(url)
    for value in resolved.values where SecretText.isFound([value], in: (url.query ?? "").utf8) { secrets.insert(value) }
    return url
  }

  private func readBody(_ node: YamlNode) -> HealthBodyReader {
    var reader = MappingReader(node, "`body`", reading)
    defer { reader.finish() }
    let path = reader.string("path").map { $0.split(separator: ".").map(String.init) } ?? []
    var body = HealthBodyReader(
      path: path,
      words: HealthWords(
        up: reader.texts("up").map(\.text), degraded: reader.texts("degraded").map(\.text),
        down: reader.texts("down").map(\.text)))
    body.isIgnored = reader.bool("ignore") ?? false
    return body
  }
}

struct ServicesReader {
  private static let mostServices = 1000

  let reading: ParseContext
  /// Values to hide in all output.
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
