import Core

/// Reads the `traces` settings of a context: the trace store and how to query it.
struct TracesReader {
  private static let timeouts = Duration.milliseconds(100)...(.seconds(60))

  let reading: ParseContext
  /// Values to hide in all output.
  private(set) var secrets = Secrets()

  init(reading: ParseContext) {
    self.reading = reading
  }

  mutating func read(_ node: YamlNode) -> TraceStoreSettings? {
    var reader = MappingReader(node, "`traces`", reading)
    defer { reader.finish() }
    let named = TraceStoreSettings.Kind.allCases.compactMap { kind in reader.take(kind.rawValue).map { (kind, $0) } }
    var accesses = AccessReader(reading: reading)
    var access = accesses.read(&reader)
    secrets.merge(accesses.secrets)
    let timeout = reader.duration("timeout", Self.timeouts, "a duration from 100ms to 1m")
    let template = reader.take("url").flatMap { link($0) }
    guard let (kind, address) = named.first, named.count == 1 else {
      if case .mapping = node.content {
        reading.add(
          node.mark, "`traces` needs one of `zipkin`, `jaeger`, `tempo`, such as {zipkin: \"http://host:9411\"}")
      }
      return nil
    }
    guard let url = url(address, kind.rawValue) else { return nil }
    if let user = url.user { (access.user, access.password) = (user, url.password) }
    let base = String(url.text.reversed().drop { $0 == "/" }.reversed())
    return TraceStoreSettings(
      kind: kind, url: base, access: access, timeout: timeout ?? TraceStoreSettings.timeout,
      link: template ?? Self.page(kind, base))
  }

  private mutating func url(_ node: YamlNode, _ key: String) -> ServiceURL? {
    guard let resolved = reading.resolved(node, key) else { return nil }
    guard let url = ServiceURL(resolved.text), url.query == nil, !resolved.text.contains("#") else {
      reading.add(node.mark, "`\(key)`: expected a URL such as http://host:9411\(ServiceURL.found(resolved))")
      return nil
    }
    secrets.insert(url)
    return url
  }

  private mutating func link(_ node: YamlNode) -> String? {
    guard let text = reading.word(node, "url") else { return nil }
    if let url = ServiceURL(text.replacing("{id}", with: "0")), url.user == nil, text.contains("{id}") {
      secrets.insert(url)
      return text
    }
    reading.add(
      node.mark, "`url`: expected a URL with `{id}` for the trace's id, such as http://host:9411/zipkin/traces/{id}")
    return nil
  }

  /// URL of the store's page for a trace. `nil` for Tempo, which has no pages: Grafana shows its traces.
  private static func page(_ kind: TraceStoreSettings.Kind, _ base: String) -> String? {
    switch kind {
    case .zipkin: "\(base)/zipkin/traces/{id}"
    case .jaeger: "\(base)/trace/{id}"
    case .tempo: nil
    }
  }
}
