/// One span of a trace as a trace store has it. All texts come from outside and are cut to a bound.
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
  /// `nil` while it runs, and where its end was never reported.
  package var duration: Duration?
  /// Whom a client called, by its own word.
  package var remote: String?
  /// Of HTTP.
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

  /// It hands a message over, or takes one: nobody waits for its answer.
  var isMessaging: Bool {
    kind == .producer || kind == .consumer
      || tags.contains { $0.name == "messaging.system" || $0.name == "kafka.topic" }
  }
}

/// The spans of a trace as far as a trace store has them.
package struct Trace: Sendable, Equatable {
  /// More spans of a trace are not read.
  package static let mostSpans = 5000

  package var id: TraceID
  package var spans: [TraceSpan]
  /// Spans that were left out: too many, or without an id or a time.
  package var dropped: Int
  /// The store says itself that it has not all of them.
  package var isPartial = false

  package init(id: TraceID, spans: [TraceSpan], dropped: Int = 0) {
    self.id = id
    self.spans = spans
    self.dropped = dropped
  }
}

/// What a trace store answered when it was asked for a trace.
package struct TraceSample: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    case found(Trace)
    /// It does not have the trace, or not yet.
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
