import Core

/// Reads one service: a URL alone, or a mapping.
struct ServiceReader {
  private static let mostInstances = 1000
  /// Names of headers whose values are secret.
  private static let secretHeaders = ["authorization", "token", "key", "cookie", "secret", "password"]

  let name: String
  let reading: Reading
  private(set) var secrets = Secrets()

  init(name: String, reading: Reading) {
    self.name = name
    self.reading = reading
  }

  /// `nil` when it names no URL, which is reported, or when its references stay unresolved.
  mutating func read(_ node: YamlNode) -> ServiceSettings? {
    if case .scalar = node.content { return url(node, "services").map { ServiceSettings(name: name, url: $0) } }
    var reader = MappingReader(node, "the service `\(name)`", reading)
    defer { reader.finish() }
    let access = readAccess(&reader)
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

  /// A URL alone, or a mapping with one. What it says of itself stands over what is said of the service.
  private mutating func readInstance(
    _ node: YamlNode, _ metrics: YamlNode?, _ access: HTTPAccess
  ) -> (ServiceDefinition.Instance, ServiceSettings.Target)? {
    if case .scalar = node.content {
      return url(node, "url").map { make($0, node: nil, metrics: metrics, access) }
    }
    var reader = MappingReader(node, "an instance", reading)
    defer { reader.finish() }
    var access = access
    if let socket = reader.string("unixSocket") { access.unixSocket = reading.references.path(socket) }
    if let host = reader.string("host") { access.host = header(host, node.mark) }
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

  /// A URL, or a path on the instance's own server.
  private mutating func metricsURL(_ node: YamlNode, of url: ServiceURL) -> String? {
    guard let text = reading.word(node, "metrics") else { return nil }
    return text.hasPrefix("/") ? ServiceURL.sibling(of: url.text, path: text) : self.url(node, "metrics")?.text
  }

  private mutating func url(_ node: YamlNode, _ key: String) -> ServiceURL? {
    guard let resolved = reading.resolved(node, key) else { return nil }
    guard let url = ServiceURL(resolved.text) else {
      // What a reference stood for may be a secret.
      let found = resolved.values.isEmpty ? resolved.text : node.scalar ?? ""
      reading.add(node.mark, "`\(key)`: expected a URL such as http://host:8080/health, found `\(found)`")
      return nil
    }
    if let password = url.password { secrets.insert(password) }
    for value in resolved.values where url.query?.contains(value) ?? false { secrets.insert(value) }
    return url
  }

  private mutating func readAccess(_ reader: inout MappingReader) -> HTTPAccess {
    var access = HTTPAccess()
    if let headers = reader.take("headers") { readHeaders(headers, into: &access) }
    if let basic = reader.take("basic") {
      var basic = MappingReader(basic, "`basic`", reading)
      access.user = basic.string("user")
      access.password = basic.take("password").flatMap { secret($0, "password") }
      basic.finish()
    }
    access.bearer = reader.take("bearer").flatMap { secret($0, "bearer") }
    access.authorities = reader.string("ca").map(reading.references.path)
    access.certificate = reader.string("certificate").map(reading.references.path)
    access.key = reader.string("key").map(reading.references.path)
    access.keyPassword = reader.take("keyPassword").flatMap { secret($0, "keyPassword") }
    access.unixSocket = reader.string("unixSocket").map(reading.references.path)
    access.host = reader.take("host").flatMap { node in reading.word(node, "host").flatMap { header($0, node.mark) } }
    return access
  }

  private mutating func readHeaders(_ node: YamlNode, into access: inout HTTPAccess) {
    var reader = MappingReader(node, "`headers`", reading)
    for (key, name, value) in reader.takeAll() {
      guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }) else {
        reading.add(key.mark, "`headers`: `\(name)` is no name of a header")
        continue
      }
      guard let resolved = reading.resolved(value, name), let text = header(resolved.text, value.mark) else { continue }
      access.headers.append((name, text))
      for value in resolved.values { secrets.insert(value) }
      if Self.secretHeaders.contains(where: name.lowercased().contains) { secrets.insert(text) }
    }
  }

  /// A text that cannot break out of its header.
  private func header(_ text: String, _ mark: YamlNode.Mark) -> String? {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) { return text }
    reading.add(mark, "a header's value is one line without control characters")
    return nil
  }

  private mutating func secret(_ node: YamlNode, _ key: String) -> String? {
    guard let text = reading.word(node, key) else { return nil }
    secrets.insert(text)
    return header(text, node.mark)
  }

  private func readBody(_ node: YamlNode) -> HealthBodyReader {
    var reader = MappingReader(node, "`body`", reading)
    defer { reader.finish() }
    let path = reader.string("path").map { $0.split(separator: ".").map(String.init) } ?? []
    return HealthBodyReader(
      path: path,
      words: HealthWords(
        up: reader.texts("up").map(\.text), degraded: reader.texts("degraded").map(\.text),
        down: reader.texts("down").map(\.text)))
  }
}
