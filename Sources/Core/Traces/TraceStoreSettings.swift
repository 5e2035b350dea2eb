/// A trace store and how to request traces from it.
package struct TraceStoreSettings: Sendable, Equatable {
  /// The trace store's API.
  package enum Kind: String, CaseIterable, Sendable {
    /// Zipkin's API, version 2.
    case zipkin
    /// The API of Jaeger's query service.
    case jaeger
    /// Tempo's API, which responds with OTLP.
    case tempo
  }

  package static let timeout = Duration.seconds(5)

  package var kind: Kind
  /// Without a trailing slash and without credentials.
  package var url: String
  package var access: HTTPAccess
  package var timeout: Duration
  /// URL of a trace in a browser, with `{id}` as placeholder; `nil` if unknown.
  package var link: String?

  package init(
    kind: Kind, url: String, access: HTTPAccess = HTTPAccess(), timeout: Duration = timeout, link: String? = nil
  ) {
    self.kind = kind
    self.url = url
    self.access = access
    self.timeout = timeout
    self.link = link
  }
}
