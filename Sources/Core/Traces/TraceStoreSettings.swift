/// A trace store, and how it is asked.
package struct TraceStoreSettings: Sendable, Equatable {
  /// Whose API it has.
  package enum Kind: String, CaseIterable, Sendable {
    /// Zipkin's API, version 2.
    case zipkin
    /// The API of Jaeger's query service.
    case jaeger
    /// Tempo's API, which answers with OTLP.
    case tempo
  }

  package static let timeout = Duration.seconds(5)

  package var kind: Kind
  /// Without a slash at its end and without credentials.
  package var url: String
  package var access: HTTPAccess
  package var timeout: Duration
  /// Where a browser finds a trace, with `{id}` for its id; `nil` where that is not known.
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
