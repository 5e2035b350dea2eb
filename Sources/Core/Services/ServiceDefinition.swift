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
