import Core

/// A service to watch, with what asking it needs.
package struct ServiceSettings: Sendable, Equatable {
  /// How one instance is asked. May hold secrets; what is shown stands in the definition.
  package struct Target: Sendable, Equatable {
    package var url: String
    package var metrics: String?
    package var access: HTTPAccess
  }

  package var definition: ServiceDefinition
  /// For each instance of the definition.
  package var targets: [Target]
  package var body: HealthBodyReader
  /// Metrics that are shown as they are.
  package var gauges: [String]

  /// A service with one instance and all else by default.
  init(name: String, url: ServiceURL) {
    definition = ServiceDefinition(name: name, instances: [.init(url: url.text)])
    var access = HTTPAccess()
    (access.user, access.password) = (url.user, url.password)
    targets = [Target(url: url.text, access: access)]
    body = HealthBodyReader()
    gauges = []
  }

  /// A service of the system's; `nil` where its server is not known.
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

  /// What is shown of it has none of the secrets.
  mutating func hide(_ secrets: Secrets) {
    for place in definition.instances.indices {
      definition.instances[place].url = secrets.mask(definition.instances[place].url)
      definition.instances[place].metrics = definition.instances[place].metrics.map(secrets.mask)
    }
  }

  /// URLs that name only a server get the path of the system's health.
  mutating func complete(path: String) {
    for place in targets.indices {
      targets[place].url = ServiceURL.completed(targets[place].url, path: path)
      definition.instances[place].url = ServiceURL.completed(definition.instances[place].url, path: path)
    }
  }
}
