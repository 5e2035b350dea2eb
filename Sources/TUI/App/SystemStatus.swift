import Core

/// What every screen shows of the system, whichever view is in front. Its lists are empty.
package struct SystemStatus: Sendable {
  package var header: HeaderView
  package var overview = OverviewView(total: TypeView(type: ""))
  package var groups = GroupList()
  package var locks = LockList()

  package init(header: HeaderView) {
    self.header = header
  }

  init(_ source: any ContentSource, now: Timestamp) {
    header = source.header(now: now)
    overview = source.overview(limit: 0, now: now)
    groups = source.groups(GroupQuery(limit: 0), now: now)
    locks = source.locks(LockQuery(limit: 0), now: now)
  }

  /// Of all sagas, where there is only one.
  var onlyType: String? { overview.types.count == 1 ? overview.types[0].type : nil }

  var hasNoSagas: Bool { overview.total.counts == TypeView.Counts() && overview.evicted == 0 }

  /// The last poll of the consumer groups is older than polls are.
  var isLagStale: Bool { Self.isStale(readAt: groups.readAt, took: groups.took, now: header.now) }
  var isLocksStale: Bool { Self.isStale(readAt: locks.readAt, took: locks.took, now: header.now) }

  /// A poll may take long on a large cluster: then its sample may be older.
  private static func isStale(readAt: Timestamp?, took: Duration?, now: Timestamp) -> Bool {
    guard let readAt else { return false }
    let poll = took ?? .zero
    return now - readAt > max(Staleness.patience, poll + poll + poll)
  }
}
