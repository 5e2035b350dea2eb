import Core
import Text

/// The member `lag` of the snapshot.
enum LagJSON {
  static func section(_ report: LagReport, _ coverage: SourceCoverage) -> JSONValue {
    .object([
      ("readAt", JSONValue(report.list.readAt)), ("tookMs", JSONValue(milliseconds: report.list.took)),
      ("requests", JSONValue(report.list.requests)),
      ("listed", report.list.readAt == nil ? .null : .bool(report.list.isListed)),
      ("incompleteness", JSONValue(report.list.incompleteness)),
      ("verdicts", verdicts(report.list, coverage)), ("groups", .array(report.groups.map(group))),
      ("topics", .array(report.topics.rows.map(topic))),
      ("openTransactions", .array(report.list.openTransactions.map(transaction))),
      ("verdictsQuality", .string(report.list.quality(coverage).rawValue)), ("asOf", JSONValue(coverage.asOf)),
    ])
  }

  private static func verdicts(_ list: GroupList, _ coverage: SourceCoverage) -> JSONValue {
    .object(LagVerdict.allCases.map { ($0.rawValue, JSONValue(list.known($0, coverage))) })
  }

  private static func transaction(_ transaction: OpenTransaction) -> JSONValue {
    .object([
      ("topic", .string(transaction.topic)), ("partition", .int(Int64(transaction.partition))),
      ("ageMs", JSONValue(milliseconds: transaction.age.value)),
      ("ageQuality", .string(transaction.age.quality.rawValue)), ("waiting", .int(transaction.waiting)),
    ])
  }

  private static func group(_ view: GroupView) -> JSONValue {
    let row = view.row
    return .object([
      ("group", .string(row.name)), ("state", JSONValue(row.state?.rawValue)),
      ("verdict", .string(row.verdict.rawValue)), ("reason", .string(row.reason)), ("lag", JSONValue(row.lag)),
      ("lagMs", JSONValue(milliseconds: row.lagTime.age)), ("lagQuality", quality(row.lagTime)),
      ("driftMs", JSONValue(milliseconds: row.lagTime.drift)), ("drainMs", JSONValue(milliseconds: drain(row.drain))),
      ("draining", isDraining(row.drain)), ("rateIn", JSONValue(rounded: row.rateIn)),
      ("rateOut", JSONValue(rounded: row.rateOut)), ("members", JSONValue(row.members)),
      ("skew", JSONValue(rounded: view.skew)), ("rebalancingSince", JSONValue(row.rebalancing?.since)),
      ("rebalances", JSONValue(row.rebalancing?.changes)), ("error", JSONValue(row.error)),
      ("consumers", view.members.map { .array($0.map(member)) } ?? .null),
      ("partitions", .array(view.partitions.map(partition))),
      ("lagCountQuality", .string(row.lag.quality.rawValue)), ("lagReason", .string(row.lag.reason)),
      ("lagMsReason", .string(row.lagTime.known.reason)), ("asOf", JSONValue(row.lag.asOf)),
    ])
  }

  private static func quality(_ time: LagTime) -> JSONValue { .string(time.quality.rawValue) }

  private static func drain(_ drain: DrainTime) -> Duration? {
    switch drain {
    case .unknown, .notDraining: nil
    case .nothing: .zero
    case .after(let time): time
    }
  }

  private static func isDraining(_ drain: DrainTime) -> JSONValue {
    switch drain {
    case .unknown: .null
    case .nothing, .after: .bool(true)
    case .notDraining: .bool(false)
    }
  }

  private static func member(_ row: GroupMemberRow) -> JSONValue {
    .object([
      ("clientId", .string(row.clientID)), ("host", .string(row.host)), ("assigned", .int(Int64(row.partitions))),
      ("lag", JSONValue(row.lag)), ("lagCountQuality", .string(row.lag.quality.rawValue)),
    ])
  }

  private static func partition(_ row: GroupPartitionRow) -> JSONValue {
    .object([
      ("topic", .string(row.topic)), ("partition", .int(Int64(row.partition))),
      ("verdict", .string(row.verdict.rawValue)), ("reason", .string(row.reason)),
      ("committed", JSONValue(row.committed)), ("start", JSONValue(row.start)), ("end", JSONValue(row.end)),
      ("lag", JSONValue(row.lag)), ("lagMs", JSONValue(milliseconds: row.lagTime.age)),
      ("lagQuality", quality(row.lagTime)), ("driftMs", JSONValue(milliseconds: row.lagTime.drift)),
      ("rateIn", JSONValue(rounded: row.rateIn)), ("rateOut", JSONValue(rounded: row.rateOut)),
      ("clientId", JSONValue(row.clientID)), ("host", JSONValue(row.host)),
      ("lagCountQuality", .string(row.lag.quality.rawValue)), ("lagReason", .string(row.lag.reason)),
      ("asOf", JSONValue(row.lag.asOf)),
    ])
  }

  private static func topic(_ row: TopicRow) -> JSONValue {
    .object([
      ("topic", .string(row.topic)), ("partitionCount", .int(Int64(row.partitions))),
      ("messages", JSONValue(row.messages)), ("rateIn", JSONValue(rounded: row.rateIn)),
      ("skew", JSONValue(rounded: row.skew)), ("deadLetter", .bool(row.isDeadLetter)),
      ("readers", .array(row.groups.map { .string($0) })),
      ("messagesQuality", .string(row.messages.quality.rawValue)), ("asOf", JSONValue(row.messages.asOf)),
    ])
  }
}
