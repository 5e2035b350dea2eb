/// One look at one instance of a service.
package struct ServiceSample: Sendable, Equatable {
  /// How long each phase of a request took; a phase that there was none of, as on a connection that was kept, is zero.
  package struct Phases: Sendable, Equatable {
    package var lookup: Duration
    package var connect: Duration
    package var tls: Duration
    /// From the request to the first byte of the answer.
    package var firstByte: Duration
    /// Of everything.
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
    /// The body's first bytes, as they came.
    package var excerpt: [UInt8]
    /// Bytes that were read, and whether there were more.
    package var length: Int
    package var isCut: Bool
    /// Where a redirect leads; it was not followed.
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
    /// It gave no answer; the text says why.
    case failed(String)
    /// It could not be asked, for a reason on this side; the text says which.
    case notAsked(String)
    case metrics(MetricsPage)
    /// Its metrics could not be read; the text says why.
    case noMetrics(String)
  }

  package var service: String
  /// The place in `ServiceDefinition.instances`.
  package var instance: Int
  /// When the answer was complete, or failed.
  package var time: Timestamp
  package var outcome: Outcome

  package init(service: String, instance: Int, time: Timestamp, outcome: Outcome) {
    self.service = service
    self.instance = instance
    self.time = time
    self.outcome = outcome
  }
}
