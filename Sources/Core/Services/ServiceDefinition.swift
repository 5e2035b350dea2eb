/// A service to watch: the instances that are asked for their health, and by which rules the answers are judged.
package struct ServiceDefinition: Sendable, Equatable {
  package struct Instance: Sendable, Equatable {
    /// Without credentials: it is shown.
    package var url: String
    package var node: String?
    /// Where it tells its metrics.
    package var metrics: String?

    package init(url: String, node: String? = nil, metrics: String? = nil) {
      self.url = url
      self.node = node
      self.metrics = metrics
    }
  }

  package var name: String
  /// In the order of the configuration; readings name them by their place.
  package var instances: [Instance]
  /// Time between two readings of an instance.
  package var interval: Duration
  package var timeout: Duration
  /// A slower answer is degraded; `nil` leaves it to the instance's own usual latency.
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

/// A service that every installation of a system has, by where its server tells of it.
package struct SystemService: Sendable, Equatable {
  package var name: String
  /// Paths on the system's server.
  package var health: String
  package var metrics: String?
  /// Metrics that are shown as they are.
  package var gauges: [String]
  /// How long an answer may take; `nil` is the same as for any service.
  package var timeout: Duration?
  /// The HTTP status alone counts, whatever the body is.
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

/// How a server is spoken to. What it holds is secret and reaches no text.
package struct HTTPAccess: Sendable, Equatable {
  package var headers: [(name: String, value: String)] = []
  package var user: String?
  package var password: String?
  package var bearer: String?
  /// Files in PEM form: whom to trust in place of the system's authorities, and who one is.
  package var authorities: String?
  package var certificate: String?
  package var key: String?
  package var keyPassword: String?
  /// The socket's path, in place of the URL's host and port.
  package var unixSocket: String?
  /// The `Host` header, in place of the URL's host.
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
