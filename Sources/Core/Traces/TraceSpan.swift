/// A span from a trace store. All texts are external input and are truncated.
package struct TraceSpan: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case client
    case server
    case producer
    case consumer
    case `internal`
  }

  package struct Tag: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package static let longestText = 300
  package static let mostTags = 32

  package var id: String
  /// `nil` for the root of its trace.
  package var parent: String?
  package var service: String?
  package var name: String
  package var kind: Kind?
  package var start: Timestamp
  /// `nil` while it runs, or if its end was never reported.
  package var duration: Duration?
  /// The called service, as named by the client.
  package var remote: String?
  /// HTTP status.
  package var status: Int?
  package var hasFailed = false
  package var error: String?
  package var tags: [Tag] = []

  package init(
    id: String, parent: String? = nil, service: String? = nil, name: String, kind: Kind? = nil, start: Timestamp,
    duration: Duration? = nil
  ) {
    self.id = id
    self.parent = parent
    self.service = service
    self.name = name
    self.kind = kind
    self.start = start
    self.duration = duration
  }

  package var end: Timestamp? { duration.map { start + $0 } }

  package func tag(_ names: String...) -> String? {
    names.lazy.compactMap { name in tags.first { $0.name == name && !$0.value.isEmpty }?.value }.first
  }

  /// It sends or receives a message, so nothing waits for a response.
  var isMessaging: Bool {
    kind == .producer || kind == .consumer
      || tags.contains { $0.name == "messaging.system" || $0.name == "kafka.topic" }
  }
}

/// The spans of a trace that the trace store has.
package struct Trace: Sendable, Equatable {
  /// The maximum number of spans per trace.
  package static let mostSpans = 5000

  package var id: TraceID
  package var spans: [TraceSpan]
  /// The number of omitted spans: beyond the maximum, of another trace, without an id, or with impossible times.
  package var dropped: Int
  /// The store reports that spans are missing.
  package var isPartial = false

  package init(id: TraceID, spans: [TraceSpan], dropped: Int = 0) {
    self.id = id
    self.spans = spans
    self.dropped = dropped
  }
}

/// A trace store's response to a request for a trace.
package struct TraceSample: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    case found(Trace)
    /// The store does not have the trace (yet).
    case missing
    case failed(String)
  }

  package var id: TraceID
  package var time: Timestamp
  package var outcome: Outcome

  package init(id: TraceID, time: Timestamp, outcome: Outcome) {
    self.id = id
    self.time = time
    self.outcome = outcome
  }

  package var trace: Trace? { if case .found(let trace) = outcome { trace } else { nil } }
}
