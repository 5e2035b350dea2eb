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

  init(definition: ServiceDefinition, targets: [Target], body: HealthBodyReader, gauges: [String]) {
    self.definition = definition
    self.targets = targets
    self.body = body
    self.gauges = gauges
  }

  /// URLs that name only a server get the path of the system's health.
  mutating func complete(path: String) {
    for place in targets.indices {
      targets[place].url = ServiceURL.completed(targets[place].url, path: path)
      definition.instances[place].url = ServiceURL.completed(definition.instances[place].url, path: path)
    }
  }
}
