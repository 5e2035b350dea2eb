import Clients
import Core
import Text

/// A watched service and the settings for requests to it.
package struct ServiceSettings: Sendable, Equatable {
  /// The request settings of one instance. May contain secrets; the definition contains the displayed values.
  package struct Target: Sendable, Equatable {
    package var url: String
    package var metrics: String?
    package var access: HTTPAccess
  }

  package var definition: ServiceDefinition
  /// One target for each instance of the definition.
  package var targets: [Target]
  package var body: HealthBodyReader
  /// Names of metrics that are displayed unchanged.
  package var gauges: [String]

  /// A service with one instance and default settings.
  init(name: String, url: ServiceURL) {
    definition = ServiceDefinition(name: name, instances: [.init(url: url.text)])
    var access = HTTPAccess()
    (access.user, access.password) = (url.user, url.password)
    targets = [Target(url: url.text, access: access)]
    body = HealthBodyReader()
    gauges = []
  }

  /// A service of the system definition. `nil` if its server is not configured.
  init?(_ service: SystemService, of http: Settings.HTTP) {
    guard let server = http.server, let url = ServiceURL(server + service.health) else { return nil }
    self.init(name: service.name, url: url)
    let metrics = service.metrics.map { server + $0 }
    definition.instances[0].metrics = metrics
    targets[0].metrics = metrics
    targets[0].access = http.access
    gauges = service.gauges
    body.isIgnored = service.ignoresBody
    if let timeout = service.timeout { definition.timeout = timeout }
  }

  init(definition: ServiceDefinition, targets: [Target], body: HealthBodyReader, gauges: [String]) {
    self.definition = definition
    self.targets = targets
    self.body = body
    self.gauges = gauges
  }

  /// Hides secrets in the displayed URLs.
  mutating func hide(_ secrets: Secrets) {
    for place in definition.instances.indices {
      definition.instances[place].url = secrets.mask(definition.instances[place].url)
      definition.instances[place].metrics = definition.instances[place].metrics.map(secrets.mask)
    }
  }

  /// Appends the system's health path to URLs without a path.
  mutating func complete(path: String) {
    for place in targets.indices {
      targets[place].url = ServiceURL.completed(targets[place].url, path: path)
      definition.instances[place].url = ServiceURL.completed(definition.instances[place].url, path: path)
    }
  }
}

/// A service URL, split so that its password can be hidden.
struct ServiceURL {
  /// The URL without user and password.
  var text: String
  var user: String?
  var password: String?

  /// `nil` unless the text is `http://host…` or `https://host…`.
  init?(_ text: String) {
    guard let url = try? URLParts(text), ["http", "https"].contains(url.scheme), let mark = text.firstRange(of: "://")
    else {
      return nil
    }
    let authority = text[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { text[text.index(after: $0)...] } ?? text[mark.upperBound...]
    self.text = url.scheme + "://" + host
    (user, password) = (url.user, url.password)
  }

  /// The part after the `?`.
  var query: Substring? { text.firstIndex(of: "?").map { text[text.index(after: $0)...] } }

  /// The end of an error message that quotes the invalid URL. Empty if it may contain a secret.
  static func found(_ resolved: References.Resolved) -> String {
    let mayBeSecret = !resolved.values.isEmpty || resolved.text.contains { $0 == "@" || $0 == "?" }
    return mayBeSecret ? "" : Secrets.found(resolved.text)
  }

  /// Values of query parameters with names such as `api_key`, `token` or `sig`, both encoded and decoded.
  var secretArguments: [String] {
    let written = (query ?? "").split(separator: "&").compactMap { member -> String? in
      let parts = member.split(separator: "=", maxSplits: 1)
      return parts.count == 2 && LiteralSecrets.isSecret(argument: parts[0]) ? String(parts[1]) : nil
    }
    let decoded =
      (try? URLParts(text))?.arguments.filter { LiteralSecrets.isSecret(argument: $0.key) }.map(\.value) ?? []
    return written + decoded
  }

  /// `url` with its path and query replaced by `path`.
  static func sibling(of url: String, path: String) -> String {
    guard let start = url.firstRange(of: "://") else { return url }
    return String(url[..<url[start.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.endIndex]) + path
  }

  /// The URL with `path` appended if it has no path.
  static func completed(_ url: String, path: String) -> String {
    let server = sibling(of: url, path: "")
    return url == server || url == server + "/" ? server + path : url
  }
}
