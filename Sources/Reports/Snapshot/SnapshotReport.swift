import Core
import TUI

/// Everything that a report may be made of. What was not asked for is `nil`.
package struct SnapshotReport: Sendable {
  package var snapshot: SnapshotView
  package var lag: LagReport?
  package var locks: LockList?
  package var services: ServiceList?
  /// Operators' actions by outcome; empty where none are known.
  package var actions: [String: Int]
  package var checks: [CheckResult]
  /// What is left of sources, checks and tables that are no lists of their own; lists are narrowed themselves.
  var filters: [String: Filter] = [:]

  package init(
    _ snapshot: SnapshotView, lag: LagReport? = nil, locks: LockList? = nil, services: ServiceList? = nil,
    actions: [String: Int] = [:], checks: [CheckResult] = []
  ) {
    self.snapshot = snapshot
    self.lag = lag
    self.locks = locks
    self.services = services
    self.actions = actions
    self.checks = checks
  }

  /// What measures are taken from.
  package var readings: CheckInputs {
    CheckInputs(
      now: snapshot.header.now, sources: snapshot.header.sources, overview: snapshot.overview,
      oldestRollBacks: snapshot.oldestRollBacks, lag: lag?.list, locks: locks, services: services)
  }

  /// What is known of the sources of one kind.
  func coverage(of kind: SourceKind) -> SourceCoverage {
    SourceCoverage(snapshot.header.sources, of: kind, at: snapshot.header.now)
  }

  /// The sources that were not read in full, or do not answer any more.
  var missing: [String] {
    let header = snapshot.header
    return header.sources.filter { !$0.isWhole(at: header.now) }.map(\.name)
  }
}

/// Everything about the consumer groups, for reports.
package struct LagReport: Sendable {
  package var list: GroupList
  package var topics: TopicList
  /// The worst first, with all their partitions; empty where only the groups' rows are wanted.
  package var groups: [GroupView]

  package init(_ list: GroupList, topics: TopicList = TopicList(), groups: [GroupView] = []) {
    self.list = list
    self.topics = topics
    self.groups = groups
  }

  /// Group by group, so that no collector waits for all of them; without `partitions` the groups' rows alone, which is quick.
  package init(of source: some ContentSource, partitions: Bool = true, now: Timestamp) {
    list = source.groups(GroupQuery(limit: .max), now: now)
    topics = source.topics(TopicQuery(limit: .max), now: now)
    groups = partitions ? list.rows.compactMap { source.group($0.name, now: now) } : []
  }
}
