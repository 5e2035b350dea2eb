/// A service to watch: its instances, and the rules for judging the responses.
package struct ServiceDefinition: Sendable, Equatable {
  package struct Instance: Sendable, Equatable {
    /// Without credentials, because it is shown.
    package var url: String
    package var node: String?
    /// URL of its metrics.
    package var metrics: String?

    package init(url: String, node: String? = nil, metrics: String? = nil) {
      self.url = url
      self.node = node
      self.metrics = metrics
    }
  }

  package var name: String
  /// In the order of the configuration; samples identify them by index.
  package var instances: [Instance]
  /// Time between two polls of an instance.
  package var interval: Duration
  package var timeout: Duration
  /// A slower response is degraded; `nil` uses the instance's own usual latency.
  package var slow: Duration?

  package init(
    name: String, instances: [Instance], interval: Duration = .seconds(2), timeout: Duration = .seconds(2),
    slow: Duration? = nil
  ) {
    self.name = name
    self.instances = instances
    self.interval = interval
    self.timeout = timeout
    self.slow = slow
  }
}

/// A service of every installation of a system, with its paths on the server.
package struct SystemService: Sendable, Equatable {
  package var name: String
  /// Paths on the system's server.
  package var health: String
  package var metrics: String?
  /// Names of metrics that are shown unchanged.
  package var gauges: [String]
  /// Timeout of a response; `nil` uses the default of all services.
  package var timeout: Duration?
  /// Only the HTTP status is used; the body is ignored.
  package var ignoresBody: Bool

  package init(
    name: String, health: String, metrics: String? = nil, gauges: [String] = [], timeout: Duration? = nil,
    ignoresBody: Bool = false
  ) {
    self.name = name
    self.health = health
    self.metrics = metrics
    self.gauges = gauges
    self.timeout = timeout
    self.ignoresBody = ignoresBody
  }
}

/// Credentials and connection settings of a server. The content is secret and is never written to any output.
package struct HTTPAccess: Sendable, Equatable {
  package var headers: [(name: String, value: String)] = []
  package var user: String?
  package var password: String?
  package var bearer: String?
  /// PEM files: the trusted authorities instead of the system's, and the client certificate with its key.
  package var authorities: String?
  package var certificate: String?
  package var key: String?
  package var keyPassword: String?
  /// Path of a Unix socket, used instead of the URL's host and port.
  package var unixSocket: String?
  /// The `Host` header, instead of the URL's host.
  package var host: String?

  package init() {}

  package static func == (left: HTTPAccess, right: HTTPAccess) -> Bool {
    left.headers.elementsEqual(right.headers) { $0 == $1 }
      && [left.user, left.password, left.bearer, left.authorities, left.certificate]
        == [right.user, right.password, right.bearer, right.authorities, right.certificate]
      && [left.key, left.keyPassword, left.unixSocket, left.host]
        == [right.key, right.keyPassword, right.unixSocket, right.host]
  }
}
