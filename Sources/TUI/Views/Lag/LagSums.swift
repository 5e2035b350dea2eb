import Core
import Text

/// The lines over the lists of groups and topics: how many are in trouble, and how fresh the reading is.
struct LagSums {
  let content: Content
  let state: LagListState
  let columns: Int
  let glyphs: Glyphs
  private var lag: GroupList { content.groups }
  private var look: LagStyle { LagStyle(glyphs: glyphs) }

  /// How many lines there are in a body of so many rows.
  static func height(_ lag: GroupList, body: Int) -> Int {
    guard body >= 8 else { return 1 }
    return !lag.isListed && body >= 12 ? 3 : 2
  }

  func lines(height: Int) -> [StyledLine] {
    var lines = [state.showsTopics ? topics : groups, line.items(reading(isUnlistedToldApart: height > 2))]
    if height > 2 { lines.append(StyledLine(" \(glyphs.stuck) \(Self.unlisted)", .warning)) }
    return Array(lines.prefix(height))
  }

  private static let unlisted = "the broker does not list groups: only the configured ones are shown"

  private var line: SumLine { SumLine(columns: columns) }

  private var groups: StyledLine {
    let verdicts = LagVerdict.allCases.reversed().filter { (lag.counts[$0] ?? 0) > 0 }
    return line.counts(
      LagText.counted(lag.total, "group"),
      verdicts.map {
        SumLine.Count(
          verdict: look.verdict($0), number: lag.counts[$0] ?? 0, role: look.role($0), isTrouble: $0.isTrouble)
      })
  }

  private var topics: StyledLine {
    let topics = content.topics
    var items = [StyledLine(LagText.counted(topics.total, "topic"), .text, .strong)]
    items.append(StyledLine(LagText.counted(topics.partitions, "partition"), .dim))
    if let rate = topics.rateIn { items.append(StyledLine("\(Quantity.rate(rate)) arrive", .text)) }
    return line.items(items)
  }

  private func reading(isUnlistedToldApart: Bool) -> [StyledLine] {
    var items: [StyledLine] = []
    if !lag.isListed, !isUnlistedToldApart {
      items.append(StyledLine("\(glyphs.stuck) not listed by the broker: configured ones only", .warning))
    }
    return items + [deadLetters, freshness, range].compactMap { $0 }
  }

  /// "dead letters 214 in 2 topics".
  private var deadLetters: StyledLine? {
    guard let dead = content.topics.deadLetters else { return nil }
    guard dead.topics > 0 else { return StyledLine("no dead letters", .dim) }
    let text = "dead letters \(LagText.count(dead.messages)) in \(LagText.counted(dead.topics, "topic"))"
    return StyledLine("\(glyphs.failed) \(text)", .failed)
  }

  /// "read 1.2s ago in 45 ms, 12 requests".
  private var freshness: StyledLine? {
    SumLine.freshness(
      readAt: lag.readAt, took: lag.took, now: content.header.now, isStale: LagFreshness(content: content).isStale,
      more: lag.requests.map { ", \(LagText.counted($0, "request"))" } ?? "")
  }

  private var range: StyledLine {
    if state.showsTopics {
      let topics = content.topics
      return SumLine.range(offset: topics.offset, count: topics.rows.count, matching: topics.matching, order: "")
    }
    let groups = content.groups
    return SumLine.range(
      offset: groups.offset, count: groups.rows.count, matching: groups.matching, order: state.orderText)
  }
}

/// Whether what is shown of the groups is what is.
struct LagFreshness {
  let content: Content

  /// A round may take long on a large cluster: then its reading may be older.
  var isStale: Bool {
    guard let readAt = content.groups.readAt else { return false }
    let round = content.groups.took ?? .zero
    return content.header.now - readAt > max(Staleness.patience, round + round + round)
  }
}
