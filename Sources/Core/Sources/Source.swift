/// A watched system. It passes its observations to its sink, on its own thread.
package protocol Source: Sendable {
  static var kind: SourceKind { get }

  /// Starts reading and returns immediately. Any later error becomes a status.
  func start()

  /// Stops reading and waits for it, for at most a second.
  func stop()
}

/// What a source reads. Several servers of one kind are separate sources: `redis 10.0.0.7:6379`.
package enum SourceKind: String, CaseIterable, Sendable {
  case kafka
  case lag
  case redis
  case services
  /// The schemas of messages; without them, messages with a schema cannot be decoded.
  case schemas
  /// Polled documents, and commands with line output; both provide events.
  case document
  case command
  /// A trace store, queried for single traces on request.
  case traces
  /// Pods and their Kubernetes events.
  case kubernetes

  /// How long a source of this kind may be silent if it specifies no limit; `nil` if silence has no meaning.
  var usualPatience: Duration? { self == .lag || self == .redis ? .seconds(20) : nil }

  /// The data that depends on the observations of a source.
  package enum Use: Sendable {
    /// Sagas: while such a source is silent, they are not judged.
    case events
    /// Groups, locks or services, and the checks of them.
    case state
    /// Causes of sagas; no list and no check depends on them.
    case evidence
  }

  package var use: Use {
    switch self {
    case .kafka, .schemas, .document, .command: .events
    case .lag, .redis, .services: .state
    case .traces, .kubernetes: .evidence
    }
  }

  package var carriesEvents: Bool { use == .events }

  package static let all = Set(allCases)
  package static let eventSources = all.filter(\.carriesEvents)
}

/// Receives the observations of collectors. Called on the collectors' threads; a call returns when the observation is folded, which gives
/// the collectors back-pressure.
package protocol ObservationSink: Sendable {
  /// Batches must also contain their original messages. Always returns the same value.
  var wantsOriginals: Bool { get }

  func accept(_ batch: EventBatch)
  func accept(_ status: SourceStatus)
  func accept(_ reading: LagSample)
  func accept(_ reading: LockSample)
  func accept(_ reading: ServiceSample)
  func accept(_ sample: TraceSample)
  func accept(_ sample: PodSample)
  func accept(_ actions: [ActionRecord])
}

extension ObservationSink {
  package var wantsOriginals: Bool { false }
}
