import Core

/// Where requests of one kind go, and within which bounds.
struct HTTPTarget: Sendable {
  /// Without credentials.
  var url: String
  var timeout: Duration
  var access: HTTPAccess
  /// What is liked for an answer, as the `Accept` header has it.
  var accepts: String
  /// Bytes of a body that are read; of a longer one no more is taken.
  var bodyLimit: Int

  /// `host:port`, for texts.
  var place: String {
    if let socket = access.unixSocket { return socket }
    guard let start = url.firstRange(of: "://") else { return url }
    return String(url[start.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }
}
