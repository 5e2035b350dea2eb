/// What measures are taken from, as it was at one instant. What was not read is `nil`.
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

  /// Why a subject is not known in full: each source that it is known from and that is not whole. `nil` where all are.
  func incompleteness(of subject: Measure.Kind.Subject) -> String? {
    let missing = sources.filter {
      !$0.isWhole(at: now) && subject.isKnown(from: $0)
    }
    return missing.isEmpty ? nil : missing.map { $0.incompleteness(at: now) }.joined(separator: "; ")
  }

  /// Whether all sources that it is known from still answer.
  func isCurrent(_ subject: Measure.Kind.Subject) -> Bool {
    sources.allSatisfy { !subject.isKnown(from: $0) || $0.isCurrent(at: now) }
  }

  /// Whether some source tells of it.
  func isWatched(_ subject: Measure.Kind.Subject) -> Bool { sources.contains(where: subject.isKnown) }

  /// Sagas are made of what some source tells.
  var hasEventSources: Bool { sources.contains(where: \.carriesEvents) }

  /// When the last of what was missed was read; `nil` where nothing is missing, or nothing was ever read.
  func asOf(_ subject: Measure.Kind.Subject) -> Timestamp? {
    sources.filter { !$0.isWhole(at: now) && subject.isKnown(from: $0) }.compactMap(\.lastSuccess).min()
  }
}

extension Measure.Kind.Subject {
  /// Where it is known from; events may come from other sources beside this one.
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
    // What a trace store knows changes no verdict.
    case .everything: source.kind != .traces
    case .sagas: source.carriesEvents
    case .groups, .locks, .services: sources.contains(source.kind)
    }
  }
}
