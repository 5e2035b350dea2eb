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

  package init(name: String, health: String, metrics: String? = nil, gauges: [String] = [], timeout: Duration? = nil) {
    self.name = name
    self.health = health
    self.metrics = metrics
    self.gauges = gauges
    self.timeout = timeout
  }
}
