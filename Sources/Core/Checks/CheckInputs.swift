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

  /// The sources that a subject is known from and that have not given a full reading, by name.
  func missing(for subject: Measure.Kind.Subject) -> [String] {
    sources.filter { !$0.isWhole && (subject == .sagas ? $0.carriesEvents : $0.kind == subject.source) }.map(\.name)
  }
}

extension SourceStatus {
  fileprivate var kind: SourceKind? { SourceKind(source: name) }
}

extension Measure.Kind.Subject {
  /// Where it is known from; events may come from other sources beside this one.
  package var source: SourceKind {
    switch self {
    case .sagas: .kafka
    case .groups: .lag
    case .locks: .redis
    case .services: .services
    }
  }
}
