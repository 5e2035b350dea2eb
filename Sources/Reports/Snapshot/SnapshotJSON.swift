import Core
import Text

/// The document `sagatop.snapshot/v1`, as described in docs/snapshot.md. Members are added but never removed.
package enum SnapshotJSON {
  /// Path of the sagas.
  package static let items = ["sagas", "items"]

  package static func document(_ report: SnapshotReport, sections: Set<SnapshotSection>) -> JSONValue {
    let snapshot = report.snapshot
    var members: [(String, JSONValue)] = [
      ("schema", .string("sagatop.snapshot/v1")), ("takenAt", JSONValue(snapshot.header.now)),
      ("context", .string(snapshot.header.context)), ("complete", .bool(snapshot.isComplete)),
      ("inferred", .bool(snapshot.header.isInferred)),
      ("inference", snapshot.inference.map(inference) ?? .null),
      ("unmatched", unmatched(snapshot.coverage, snapshot.overview.coverage)),
      ("missing", .array(report.missing.map { .string($0) })),
    ]
    // The health needs all of these sections.
    let isWhole = Set([.sagas, .lag, .locks, .services]).isSubset(of: sections)
    members.append(
      ("health", isWhole ? HealthJSON.member(FlowHealth(report.readings), causes: snapshot.causes) : .null))
    if sections.contains(.sources) {
      members.append(("sources", .array(report.shownSources.map { source($0, now: snapshot.header.now) })))
    }
    if sections.contains(.sagas) { members.append(("sagas", sagas(snapshot.overview, snapshot.diagnoses))) }
    if sections.contains(.lag), let lag = report.lag {
      members.append(("lag", LagJSON.section(lag, report.coverage(of: .lag))))
    }
    if sections.contains(.locks), let locks = report.locks { members += LocksJSON.members(locks) }
    if sections.contains(.services), let services = report.services {
      members.append(("services", ServicesJSON.section(services, now: snapshot.header.now)))
    }
    if sections.contains(.compensations) {
      members += CompensationsJSON.members(snapshot.compensations, now: snapshot.header.now)
    }
    if sections.contains(.failures) { members += FailuresJSON.members(snapshot.failures) }
    if sections.contains(.nodes) { members += NodesJSON.members(snapshot.nodes) }
    if sections.contains(.checks), !report.checks.isEmpty {
      members.append(("checks", .array(report.shownChecks.map(ChecksJSON.check))))
    }
    return .object(members)
  }

  private static func inference(_ view: InferenceView) -> JSONValue {
    .object([
      ("messages", .int(Int64(view.messages))), ("doubts", .array(view.doubts.map { .string($0) })),
      (
        "sagas",
        .array(
          view.sagas.map { saga in
            .object([
              ("type", .string(saga.type)), ("seen", .int(Int64(saga.flows))), ("over", .int(Int64(saga.settled))),
              ("parts", .array(saga.parts.map(part))), ("types", .array(saga.types.map(eventType))),
            ])
          })
      ), ("others", .array(view.others.map(eventType))),
      (
        "unproven",
        .array(
          view.unproven.map { one in
            .object([
              ("id", .string(one.id)), ("seen", .int(Int64(one.flows))), ("evidence", .string(one.evidence)),
            ])
          })
      ),
    ])
  }

  private static func part(_ part: InferenceView.Part) -> JSONValue {
    .object([
      ("name", .string(part.name)), ("confidence", .string(part.confidence.rawValue)),
      ("evidence", .string(part.evidence)),
    ])
  }

  private static func eventType(_ type: InferenceView.EventType) -> JSONValue {
    .object([
      ("type", .string(type.name)), ("count", .int(Int64(type.count))), ("meaning", JSONValue(type.meaning?.rawValue)),
    ])
  }

  /// Messages that belong to no saga or match no rule.
  private static func unmatched(_ coverage: CoverageView, _ known: SourceCoverage) -> JSONValue {
    .object([
      ("count", JSONValue(known.known(coverage.unmatchedCount))),
      ("quality", .string(known.quality.rawValue)), ("asOf", JSONValue(known.asOf)),
      (
        "topics",
        .array(
          coverage.unmatched.map { row in
            .object([
              ("topic", .string(row.topic)), ("count", JSONValue(known.known(row.count))),
              ("reason", .string(row.isTypeKnown ? "no id" : "unknown type")),
            ])
          })
      ),
      (
        "unknownTypes",
        .array(
          coverage.unknownTypes.map {
            .object([
              ("type", .string($0.name)), ("count", JSONValue(known.known($0.count))),
              ("ofSagas", JSONValue(known.known($0.ofSagas))),
            ])
          })
      ),
      (
        "unseenTypes",
        // The events that were not read may have these types.
        known.isWhole
          ? .array(coverage.unseenTypes.map { .object([("saga", .string($0.saga)), ("type", .string($0.type))]) })
          : .null
      ),
    ])
  }

  private static func source(_ source: SourceStatus, now: Timestamp) -> JSONValue {
    .object([
      ("name", .string(source.name)), ("phase", .string(source.phase.rawValue)),
      ("complete", .bool(source.isWhole(at: now))), ("lastSuccess", JSONValue(source.lastSuccess)),
      ("error", JSONValue(source.error)), ("retryAt", JSONValue(source.retryAt)),
      ("latencyMs", JSONValue(milliseconds: source.latency)), ("brokers", JSONValue(source.brokers)),
      ("topics", JSONValue(source.topics)), ("partitions", JSONValue(source.partitions)),
      ("messages", .int(Int64(source.messages))), ("bytes", .int(Int64(source.bytes))),
      ("window", source.window.map(window) ?? .null), ("notes", .array(source.notes.map { .string($0) })),
    ])
  }

  private static func window(_ window: ReadWindow) -> JSONValue {
    .object([
      ("wantedSince", JSONValue(window.wantedSince)), ("readSince", JSONValue(window.readSince)),
      ("whole", .bool(window.isWhole)), ("progress", JSONValue(rounded: window.isWhole ? 1 : window.progress)),
      ("remainingMs", JSONValue(milliseconds: window.isWhole ? .zero : window.remaining)),
      ("stopped", .bool(window.isStopped)),
    ])
  }

  private static func sagas(_ overview: OverviewView, _ diagnoses: [SagaHandle: Diagnosis]) -> JSONValue {
    .object([
      ("counts", counts(overview.total.counts, overview)),
      ("countsQuality", .string(overview.countsQuality.rawValue)), ("asOf", JSONValue(overview.coverage.asOf)),
      ("undecoded", JSONValue(overview.coverage.known(overview.undecoded))),
      ("evicted", .int(Int64(overview.evicted))), ("late", .int(Int64(overview.late))),
      ("types", .array(overview.types.map { type($0, overview) })),
      ("items", .array(overview.sagas.rows.map { item($0, diagnoses[$0.handle]) })),
    ])
  }

  private static func counts(_ counts: TypeView.Counts, _ overview: OverviewView) -> JSONValue {
    .object([
      ("running", JSONValue(overview.active(counts.running))),
      ("completed", JSONValue(overview.known(counts.completed))),
      ("compensating", JSONValue(overview.active(counts.compensating))),
      ("compensated", JSONValue(overview.known(counts.compensated))),
      ("failed", JSONValue(overview.known(counts.failed))),
      ("declined", JSONValue(overview.known(counts.declined))), ("ended", JSONValue(overview.known(counts.ended))),
      ("stuck", JSONValue(overview.known(counts.stuck))),
    ])
  }

  private static func type(_ type: TypeView, _ overview: OverviewView) -> JSONValue {
    let coverage = overview.coverage
    return .object([
      ("type", .string(type.type)), ("rate", JSONValue(rounded: type.startRate)),
      ("endRate", JSONValue(rounded: type.endRate)),
      ("completionRate", JSONValue(rounded: coverage.exactly(type.completionRate).value)),
      ("counts", counts(type.counts, overview)), ("countsQuality", .string(overview.countsQuality.rawValue)),
      (
        "durationMs",
        .object([
          ("p50", JSONValue(milliseconds: coverage.exactly(type.p50).value)),
          ("p95", JSONValue(milliseconds: coverage.exactly(type.p95).value)),
          ("p99", JSONValue(milliseconds: coverage.exactly(type.p99).value)),
        ])
      ),
      ("durationQuality", .string((type.p50 == nil || !coverage.isWhole ? Quality.unknown : .interpolated).rawValue)),
    ])
  }

  package static func item(_ row: SagaRow, _ diagnosis: Diagnosis?) -> JSONValue {
    .object([
      ("id", .string(row.id)), ("type", .string(row.type)), ("parent", JSONValue(row.parent)),
      ("status", .string(row.status.name)), ("ending", JSONValue(row.ending)),
      ("flags", .array(row.flags.names.map { .string($0) })), ("step", JSONValue(row.step)),
      ("startedAt", JSONValue(row.startedAt)), ("updatedAt", JSONValue(row.updatedAt)),
      ("endedAt", JSONValue(row.endedAt)),
      ("progressAt", JSONValue(row.progressAt)),
      ("deadlineMs", JSONValue(milliseconds: row.deadline)), ("node", JSONValue(row.node)),
      ("failedStep", JSONValue(row.failedStep)), ("error", JSONValue(row.error)),
      ("round", .int(Int64(row.round))), ("atMost", .bool(row.isAtMost)),
      ("traceIds", .array(row.traces.map { .string($0.text) })), ("steps", .array(row.steps.map(step))),
      ("why", diagnosis.map(WhyJSON.causes) ?? .null),
    ])
  }

  private static func step(_ step: StepView) -> JSONValue {
    .object([
      ("name", .string(step.name)), ("status", .string(step.status.rawValue)),
      ("service", JSONValue(step.service)), ("group", JSONValue(step.group)),
      ("attempts", .int(Int64(step.attempts.count))), ("node", JSONValue(step.node)),
      ("startedAt", JSONValue(step.startedAt)), ("endedAt", JSONValue(step.endedAt)),
      ("error", JSONValue(step.error)), ("compensatedAt", JSONValue(step.compensatedAt)),
      ("atMost", .bool(step.attempts.last?.isAtMost ?? false)),
    ])
  }
}
