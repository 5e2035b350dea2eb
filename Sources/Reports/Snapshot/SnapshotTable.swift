import Core
import TUI

/// A snapshot as aligned columns for people and `awk`: no colour, nothing that a terminal could take for a command.
package enum SnapshotTable {
  /// Without `lag`, `locks` or `services` there is no section of that name.
  package static func text(
    _ snapshot: SnapshotView, lag: LagReport? = nil, locks: LockListView? = nil, services: ServicesView? = nil,
    sections: Set<SnapshotSection>
  ) -> String {
    var parts: [String] = []
    if sections.contains(.sources) { parts.append(sources(snapshot)) }
    if sections.contains(.sagas) { parts += [types(snapshot.overview), sagas(snapshot)] }
    if sections.contains(.lag), let lag { parts += LagTable.parts(lag) }
    if sections.contains(.locks), let locks { parts += LocksTable.parts(locks) }
    if sections.contains(.services), let services { parts += ServicesTable.parts(services, now: snapshot.header.now) }
    if sections.contains(.compensations) {
      parts.append(HistoryTable.compensations(snapshot.compensations, now: snapshot.header.now))
    }
    if sections.contains(.failures) { parts.append(HistoryTable.failures(snapshot.failures)) }
    if sections.contains(.nodes) { parts.append(HistoryTable.nodes(snapshot.nodes)) }
    return parts.joined(separator: "\n")
  }

  private static func sources(_ snapshot: SnapshotView) -> String {
    let rows = snapshot.header.sources.map { source in
      [
        source.name, source.phase.rawValue, "\(source.messages)", Quantity.latency(source.latency),
        source.lastSuccess?.iso8601 ?? Quantity.unknown,
        ([source.error].compactMap { $0 } + source.notes).joined(separator: "; "),
      ]
    }
    return AlignedText.table(["SOURCE", "PHASE", "MESSAGES", "LATENCY", "LAST SUCCESS", "ERROR"], rows, right: [2, 3])
  }

  private static func types(_ overview: OverviewView) -> String {
    let rows = overview.types.map { type in
      [
        type.type, "\(type.counts.running)", "\(type.counts.completed)", "\(type.counts.compensating)",
        "\(type.counts.compensated)", "\(type.counts.failed)", "\(type.counts.stuck)", Quantity.rate(type.startRate),
        Quantity.share(type.completionRate), Quantity.latency(type.p50), Quantity.latency(type.p95),
        Quantity.latency(type.p99),
      ]
    }
    return AlignedText.table(
      [
        "TYPE", "RUNNING", "COMPLETED", "COMPENSATING", "COMPENSATED", "FAILED", "STUCK", "RATE", "COMPLETION", "P50",
        "P95", "P99",
      ], rows, right: Set(1...11))
  }

  private static func sagas(_ snapshot: SnapshotView) -> String {
    let rows = snapshot.overview.sagas.rows.map { row in
      [
        row.id, row.type, ([row.status.name] + row.flags.names).joined(separator: ","), row.step ?? Quantity.unknown,
        Quantity.age(snapshot.header.now - row.startedAt), row.startedAt.iso8601, row.node ?? Quantity.unknown,
        row.error ?? Quantity.unknown,
      ]
    }
    return AlignedText.table(["SAGA", "TYPE", "STATUS", "STEP", "AGE", "STARTED", "NODE", "ERROR"], rows, right: [4])
  }
}
