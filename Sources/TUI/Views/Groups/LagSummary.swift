import Core
import Text

/// The summary above the lists of groups and topics: number of groups in trouble, and the age of the last sample.
struct LagSummary {
  let groups: GroupList
  let topics: TopicList
  let context: DrawContext
  private var glyphs: Glyphs { context.glyphs }
  private var style: LagStyle { LagStyle(glyphs: glyphs) }

  /// Number of lines for a body with that number of rows.
  static func height(_ groups: GroupList, body: Int) -> Int {
    guard body >= 8 else { return 1 }
    return !groups.isListed && body >= 12 ? 3 : 2
  }

  func lines(first: StyledLine, range: StyledLine, height: Int) -> [StyledLine] {
    var lines = [first, line.items(poll(isUnlistedShownApart: height > 2) + [range])]
    if height > 2 { lines.append(StyledLine(" \(glyphs.stuck) \(Self.unlisted)", .warning)) }
    return Array(lines.prefix(height))
  }

  private static let unlisted = "the broker does not list groups: only the configured ones are shown"

  private var line: SumLine { SumLine(columns: context.columns) }

  var groupLine: StyledLine {
    let verdicts = LagVerdict.allCases.reversed().filter { (groups.counts[$0] ?? 0) > 0 }
    return line.counts(
      Quantity.counted(groups.total, "group"),
      verdicts.map {
        SumLine.Count(
          verdict: style.verdict($0), number: groups.counts[$0] ?? 0, role: style.role($0), isTrouble: $0.isTrouble)
      })
  }

  var topicLine: StyledLine {
    var items = [StyledLine(Quantity.counted(topics.total, "topic"), .text, .strong)]
    items.append(StyledLine(Quantity.counted(topics.partitions, "partition"), .dim))
    if let rate = topics.rateIn { items.append(StyledLine("\(Quantity.rate(rate)) arrive", .text)) }
    return line.items(items)
  }

  private func poll(isUnlistedShownApart: Bool) -> [StyledLine] {
    var items: [StyledLine] = []
    if !groups.isListed, !isUnlistedShownApart {
      items.append(StyledLine("\(glyphs.stuck) not listed by the broker: configured ones only", .warning))
    }
    if groups.isListed, let reason = groups.incompleteness {
      items.append(StyledLine("\(glyphs.stuck) \(reason)", .warning))
    }
    return items + transactions + [deadLetters, freshness].compactMap { $0 }
  }

  /// "▲ a transaction is open for 14m in payment-events/2, 1,463 messages wait behind it".
  private var transactions: [StyledLine] {
    guard let first = groups.openTransactions.first else { return [] }
    let others = groups.openTransactions.count - 1
    return [
      StyledLine("\(glyphs.stuck) \(first.sentence)\(others > 0 ? " (and \(others) more)" : "")", .warning)
    ]
  }

  /// "dead letters 214 in 2 topics".
  private var deadLetters: StyledLine? {
    guard let letters = topics.deadLetters else { return nil }
    guard letters.topics > 0 else { return StyledLine("no dead letters", .dim) }
    let text = "dead letters \(LagText.count(letters.messages)) in \(Quantity.counted(letters.topics, "topic"))"
    return StyledLine("\(glyphs.failed) \(text)", .failed)
  }

  /// "read 1.2s ago in 45 ms, 12 requests".
  private var freshness: StyledLine? {
    SumLine.freshness(
      readAt: groups.readAt, took: groups.took, now: context.now, isStale: context.status.lagSilence != nil,
      more: groups.requests.map { ", \(Quantity.counted($0, "request"))" } ?? "")
  }

  static func emptyState(_ status: SystemStatus) -> EmptyState? {
    guard status.groups.readAt == nil else { return nil }
    let isConfigured = status.header.sources.contains { $0.kind == .kafka || $0.kind == .lag }
    return EmptyState(
      "Consumer groups are not read yet",
      notes: isConfigured
        ? [] : [StyledLine("no Kafka is configured: --brokers LIST, or `kafka` of the context", .warning)],
      isOfEvents: false)
  }
}
