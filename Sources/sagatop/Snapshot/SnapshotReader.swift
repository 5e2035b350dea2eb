import Collectors
import Core
import Reports

/// Reads the data of a snapshot from a store, and only the requested data: a check does not need the rows of a million sagas.
struct SnapshotReader {
  let plan: SnapshotPlan
  let selection: TableSelection

  /// If `isOver` returns true, no more causes are searched.
  func report(of store: Store, now: Timestamp, isOver: () -> Bool = { false }) -> SnapshotReport {
    var report = facts(of: store, now: now, hasSagas: holdsSagas, isOver)
    report.checks = plan.checks.map { $0.result(report.readings) }
    return report
  }

  private func facts(
    of store: Store, now: Timestamp, hasSagas: Bool = false, _ isOver: () -> Bool = { false }
  ) -> SnapshotReport {
    SnapshotReport(
      snapshot(of: store, now: now, hasSagas, isOver),
      lag: plan.reads(.lag) ? LagReport(of: store, partitions: holdsPartitions, now: now) : nil,
      locks: plan.reads(.redis) ? store.locks(LockQuery(limit: .max), now: now) : nil,
      services: plan.reads(.services) ? store.services(ServiceQuery(limit: .max), now: now) : nil,
      actions: store.actions(ActionQuery(limit: 0), now: now).counts)
  }

  /// The input for conditions.
  func readings(of store: Store, now: Timestamp) -> CheckInputs { facts(of: store, now: now).readings }

  private func snapshot(of store: Store, now: Timestamp, _ hasSagas: Bool, _ isOver: () -> Bool) -> SnapshotView {
    if hasSagas { return store.snapshot(now: now, hasSagas: !streamsSagas, isOver: isOver) }
    return SnapshotView(
      header: store.header(now: now), isComplete: store.isComplete, overview: store.overview(limit: 0, now: now),
      compensations: store.compensations(CompensationQuery(limit: limit(.compensations)), now: now),
      oldestRollBacks: store.oldestRollBacks(),
      failures: store.failures(FailureQuery(limit: limit(.failures)), now: now),
      nodes: store.nodes(NodeQuery(limit: limit(.nodes)), now: now))
  }

  /// Row limit of a section. Totals are always included.
  private func limit(_ section: SnapshotSection) -> Int { plan.sections.contains(section) ? .max : 0 }

  /// Whether the rows of sagas are written one by one.
  var streamsSagas: Bool { holdsSagas && plan.format == .json }

  private var holdsSagas: Bool {
    guard plan.sections.contains(.sagas) else { return false }
    return plan.format == .json || plan.format.tableStyle != nil
  }

  private var holdsPartitions: Bool {
    plan.sections.contains(.lag)
      && (plan.format == .json || plan.format == .wide || plan.format == .csv
        || selection.tables.contains("partitions"))
  }
}
