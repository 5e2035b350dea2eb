/// The inputs of measures at one instant. Values that were not read are `nil`.
package struct CheckInputs: Sendable {
  package var now: Timestamp
  package var sources: [SourceStatus]
  package var overview: OverviewView?
  package var oldestRollBacks: [OldestCompensation]
  package var lag: GroupList?
  package var locks: LockList?
  package var services: ServiceList?

  package init(
    now: Timestamp, sources: [SourceStatus] = [], overview: OverviewView? = nil,
    oldestRollBacks: [OldestCompensation] = [], lag: GroupList? = nil, locks: LockList? = nil,
    services: ServiceList? = nil
  ) {
    self.now = now
    self.sources = sources
    self.overview = overview
    self.oldestRollBacks = oldestRollBacks
    self.lag = lag
    self.locks = locks
    self.services = services
  }

  /// Lists each source of the subject that is not complete, with its reason; `nil` if all are complete.
  func incompleteness(of subject: Measure.Kind.Subject) -> String? {
    let missing = sources.filter {
      !$0.isWhole(at: now) && subject.isKnown(from: $0)
    }
    return missing.isEmpty ? nil : missing.map { $0.incompleteness(at: now) }.joined(separator: "; ")
  }

  /// Whether all sources of the subject still respond.
  func isCurrent(_ subject: Measure.Kind.Subject) -> Bool {
    sources.allSatisfy { !subject.isKnown(from: $0) || $0.isCurrent(at: now) }
  }

  /// Whether at least one source provides it.
  func isWatched(_ subject: Measure.Kind.Subject) -> Bool { sources.contains(where: subject.isKnown) }

  /// Whether at least one source provides events; sagas are derived from events.
  var hasEventSources: Bool { sources.contains(where: \.carriesEvents) }

  /// Time of the oldest last successful read among the incomplete sources; `nil` if none is incomplete or none was ever read.
  func asOf(_ subject: Measure.Kind.Subject) -> Timestamp? {
    sources.filter { !$0.isWhole(at: now) && subject.isKnown(from: $0) }.compactMap(\.lastSuccess).min()
  }
}

extension Measure.Kind.Subject {
  /// The kinds of source that provide it; events may come from other sources too.
  package var sources: Set<SourceKind> {
    switch self {
    case .sagas: [.kafka]
    case .groups: [.lag]
    case .locks: [.redis]
    case .services: [.services]
    case .everything: [.kafka, .lag, .redis, .services]
    }
  }

  func isKnown(from source: SourceStatus) -> Bool {
    switch self {
    case .everything: source.kind.use != .evidence
    case .sagas: source.carriesEvents
    case .groups, .locks, .services: sources.contains(source.kind)
    }
  }
}
