/// Something that is watched. It hands what it observes to its sink, on a thread of its own.
package protocol Source: Sendable {
  static var kind: SourceKind { get }

  /// Begins to read and returns at once. Everything that goes wrong from here on becomes a status.
  func start()

  /// Ends reading and waits for it, a second at most.
  func stop()
}

/// What a source reads. Several servers of one kind are sources of their own: `redis 10.0.0.7:6379`.
package enum SourceKind: String, CaseIterable, Sendable {
  case kafka
  case lag
  case redis
  case services
  /// What messages are written by: without it those of the topics are not known.
  case schemas
  /// Documents that are asked for, and commands whose output is read: events come from them too.
  case document
  case command
  /// A trace store, asked for single traces when somebody wants to see them.
  case traces
  /// Pods and the events about them.
  case kubernetes

  /// How long sources of the kind may be silent that do not say it; `nil` where silence is no sign of anything.
  var usualPatience: Duration? { self == .lag || self == .redis ? .seconds(20) : nil }

  /// Sagas are made of what it reads: while such a source is silent they are not judged.
  package var carriesEvents: Bool {
    switch self {
    case .kafka, .schemas, .document, .command: true
    case .lag, .redis, .services, .traces, .kubernetes: false
    }
  }
}

/// Takes what collectors observe. Called on the collectors' threads; the call returns when the observation is folded,
/// which is the collectors' back-pressure.
package protocol ObservationSink: Sendable {
  /// Batches are to hold their messages as they were read, too. Always the same answer.
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
