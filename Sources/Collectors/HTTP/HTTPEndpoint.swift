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

  /// Bytes of a body that are read; of a longer one no more is taken.
  var bodyLimit: Int {
    switch purpose {
    case .health: 256 << 10
    case .metrics: 4 << 20
    }
  }

  /// `host:port`, for texts.
  var place: String {
    if let socket = access.unixSocket { return socket }
    guard let start = url.firstRange(of: "://") else { return url }
    return String(url[start.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }
}
