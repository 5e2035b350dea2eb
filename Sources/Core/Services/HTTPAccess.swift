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
