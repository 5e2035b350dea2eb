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

  /// How long sources of the kind may be silent that do not say it; `nil` where silence is no sign of anything.
  var usualPatience: Duration? { self == .lag || self == .redis ? .seconds(20) : nil }

  /// Sagas are made of what it reads: while such a source is silent they are not judged.
  package var carriesEvents: Bool {
    switch self {
    case .kafka, .schemas, .document, .command: true
    case .lag, .redis, .services, .traces: false
    }
  }
}
