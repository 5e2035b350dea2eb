/// One poll of one instance of a service.
package struct ServiceSample: Sendable, Equatable {
  /// Duration of each phase of a request; zero for a phase that did not occur, as on a reused connection.
  package struct Phases: Sendable, Equatable {
    package var lookup: Duration
    package var connect: Duration
    package var tls: Duration
    /// From the request to the first byte of the response.
    package var firstByte: Duration
    /// The whole request.
    package var total: Duration

    package init(
      lookup: Duration = .zero, connect: Duration = .zero, tls: Duration = .zero, firstByte: Duration = .zero,
      total: Duration
    ) {
      self.lookup = lookup
      self.connect = connect
      self.tls = tls
      self.firstByte = firstByte
      self.total = total
    }
  }

  package struct Answer: Sendable, Equatable {
    /// The HTTP status code.
    package var status: Int
    package var phases: Phases
    package var body: HealthBody
    /// The first bytes of the body, unchanged.
    package var excerpt: [UInt8]
    /// Number of bytes that were read, and whether there were more.
    package var length: Int
    package var isCut: Bool
    /// Target of a redirect, which was not followed.
    package var location: String?
    /// When the server's certificate expires; `nil` without TLS.
    package var certificateEnd: Timestamp?

    package init(
      status: Int, phases: Phases, body: HealthBody = HealthBody(), excerpt: [UInt8] = [], length: Int = 0,
      isCut: Bool = false, location: String? = nil, certificateEnd: Timestamp? = nil
    ) {
      self.status = status
      self.phases = phases
      self.body = body
      self.excerpt = excerpt
      self.length = length
      self.isCut = isCut
      self.location = location
      self.certificateEnd = certificateEnd
    }
  }

  package enum Outcome: Sendable, Equatable {
    case answered(Answer)
    /// It did not respond; the text is the reason.
    case failed(String)
    /// It was not polled because of a local problem; the text is the reason.
    case notAsked(String)
    case metrics(MetricsPage)
    /// Its metrics could not be read; the text is the reason.
    case noMetrics(String)
  }

  package var service: String
  /// Index in `ServiceDefinition.instances`.
  package var instance: Int
  /// When the response was complete, or the poll failed.
  package var time: Timestamp
  package var outcome: Outcome

  package init(service: String, instance: Int, time: Timestamp, outcome: Outcome) {
    self.service = service
    self.instance = instance
    self.time = time
    self.outcome = outcome
  }
}
