import Core
import TUI

/// All data for a report. Parts that were not requested are `nil`.
package struct SnapshotReport: Sendable {
  package var snapshot: SnapshotView
  package var lag: LagReport?
  package var locks: LockList?
  package var services: ServiceList?
  /// Number of operators' actions by outcome. Empty if none are known.
  package var actions: [String: Int]
  package var checks: [CheckResult]
  /// Filters for sources, checks and tables that are not lists; lists are filtered themselves.
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

  /// The input for checks.
  package var readings: CheckInputs {
    CheckInputs(
      now: snapshot.header.now, sources: snapshot.header.sources, overview: snapshot.overview,
      oldestRollBacks: snapshot.oldestRollBacks, lag: lag?.list, locks: locks, services: services)
  }

  /// How completely the sources of one kind were read.
  func coverage(of kind: SourceKind) -> SourceCoverage {
    SourceCoverage(snapshot.header.sources, of: kind, at: snapshot.header.now)
  }

  /// Names of sources that were not read completely or no longer respond.
  var missing: [String] {
    let header = snapshot.header
    return header.sources.filter { !$0.isWhole(at: header.now) }.map(\.name)
  }
}

/// Data about consumer groups for reports.
package struct LagReport: Sendable {
  package var list: GroupList
  package var topics: TopicList
  /// The worst first, with all partitions. Empty if only the rows of the groups are requested.
  package var groups: [GroupView]

  package init(_ list: GroupList, topics: TopicList = TopicList(), groups: [GroupView] = []) {
    self.list = list
    self.topics = topics
    self.groups = groups
  }

  /// Reads group by group, so that collectors wait only briefly. Without `partitions` only the rows of the groups are read, which is
  /// fast.
  package init(of source: some ContentSource, partitions: Bool = true, now: Timestamp) {
    list = source.groups(GroupQuery(limit: .max), now: now)
    topics = source.topics(TopicQuery(limit: .max), now: now)
    groups = partitions ? list.rows.compactMap { source.group($0.name, now: now) } : []
  }
}
