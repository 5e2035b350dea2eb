import Core

/// Where requests of one kind go, and within which bounds.
package struct HTTPTarget: Sendable {
  /// Without credentials.
  package var url: String
  package var timeout: Duration
  package var access: HTTPAccess
  /// What is liked for an answer, as the `Accept` header has it.
  package var accepts: String
  /// Bytes of a body that are read; of a longer one no more is taken.
  package var bodyLimit: Int

  package init(url: String, timeout: Duration, access: HTTPAccess, accepts: String, bodyLimit: Int) {
    self.url = url
    self.timeout = timeout
    self.access = access
    self.accepts = accepts
    self.bodyLimit = bodyLimit
  }

  /// `host:port`, for texts.
  package var place: String {
    if let socket = access.unixSocket { return socket }
    guard let start = url.firstRange(of: "://") else { return url }
    return String(url[start.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }
}
