import Clients
import Core

/// One URL that is asked again and again, and what its answers are taken for.
package struct HTTPEndpoint: Sendable {
  package enum Purpose: Sendable {
    case health(HealthBodyReader)
    case metrics(PrometheusText)
  }

  package var service: String
  /// The place of the instance in its service's definition.
  package var instance: Int
  package var purpose: Purpose
  /// Without credentials.
  package var url: String
  package var interval: Duration
  package var timeout: Duration
  package var access: HTTPAccess

  package init(
    service: String, instance: Int, purpose: Purpose, url: String, interval: Duration = .seconds(2),
    timeout: Duration = .seconds(2), access: HTTPAccess = HTTPAccess()
  ) {
    self.service = service
    self.instance = instance
    self.purpose = purpose
    self.url = url
    self.interval = max(.milliseconds(100), interval)
    self.timeout = max(.milliseconds(10), timeout)
    self.access = access
  }

  var target: HTTPTarget {
    switch purpose {
    case .health:
      HTTPTarget(
        url: url, timeout: timeout, access: access, accepts: "application/json, text/plain;q=0.9, */*;q=0.5",
        bodyLimit: 256 << 10)
    case .metrics:
      HTTPTarget(
        url: url, timeout: timeout, access: access,
        accepts: "text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1",
        bodyLimit: 4 << 20)
    }
  }
}
