import Core
import Text

/// The facts about one consumer group, in short sentences, the most important first.
struct GroupDetail {
  let row: GroupRow
  let now: Timestamp
  let glyphs: Glyphs
  private var style: LagStyle { LagStyle(glyphs: glyphs) }

  var lines: DetailLines {
    let warnings = banners + doubts
    return DetailLines(headline: headline, facts: warnings + [reading], needed: warnings.count)
  }

  private var hasNoMembers: Bool { row.members == 0 || row.state == .empty }

  /// "payment-service: 214 messages wait and nobody reads".
  private var headline: StyledLine {
    let name = Truncation.middle(row.name, columns: 32, ellipsis: glyphs.ellipsis)
    var line = StyledLine(name, .heading, .strong)
    line.add(": ")
    line.add(row.reason.isEmpty ? "\(condition), \(unread)" : row.reason, style.sentenceRole(row.verdict))
    return line
  }

  /// "payment-service: no members, 214 unread, oldest 4m10s", for a saga that waits for this group.
  var sentence: StyledLine {
    var line = StyledLine("\(row.name): ", .text, .strong)
    line.add("\(condition), \(unread)", style.sentenceRole(row.verdict))
    return line
  }

  private var condition: String {
    if hasNoMembers { return "no members" }
    if let rebalancing = row.rebalancing { return text(rebalancing) }
    switch row.verdict {
    case .none: return "never committed"
    case .unknown: return "not judged yet"
    case .warning: return "its lag grows"
    case .ok, .rewound, .recreated, .blocked, .truncated, .stalled, .stopped, .empty: return row.verdict.rawValue
    }
  }

  private var unread: String {
    guard let lag = row.lag.value else { return "lag not known" }
    guard lag > 0 else { return "nothing unread" }
    let oldest = row.lagTime.age == nil ? "" : ", oldest \(LagText.age(row.lagTime))"
    return "\(LagText.grouped(row.lag)) unread\(oldest)"
  }

  private func text(_ rebalancing: GroupRow.Rebalancing) -> String {
    let changes = Quantity.counted(rebalancing.changes, "change")
    return "rebalancing since \(Quantity.age(now - rebalancing.since)), \(changes)"
  }

  /// Conditions of the whole group, independent of its lag: no members, or a rebalance.
  var banners: [StyledLine] {
    var lines: [StyledLine] = []
    if hasNoMembers {
      let isHarm = row.lag != 0 && !row.commitsWithoutMembers
      lines.append(StyledLine("\(glyphs.stuck) no members", isHarm ? .critical : .dim, isHarm ? .strong : []))
    }
    if let rebalancing = row.rebalancing {
      lines.append(StyledLine("\(glyphs.compensating) \(text(rebalancing))", .warning, .strong))
    }
    return lines
  }

  /// Why values are unknown or may be misleading.
  var doubts: [StyledLine] {
    var lines: [StyledLine] = []
    if let error = row.error {
      var line = StyledLine("not known: ", .dim)
      line.add(error, .error)
      lines.append(line)
    }
    if let drift = row.lagTime.drift, drift > .zero {
      lines.append(StyledLine("clocks differ: a message's time lies \(Quantity.age(drift)) ahead of ours", .warning))
    }
    return lines
  }

  /// "reads order-created, payment-failed: 8 partitions".
  private var reading: StyledLine {
    guard !row.topics.isEmpty else { return StyledLine("reads no topic", .dim) }
    var line = StyledLine("reads ", .dim)
    line.add(row.topics.prefix(20).joined(separator: ", "))
    if row.topics.count > 20 { line.add(" and \(row.topics.count - 20) more", .dim) }
    line.add(": \(Quantity.counted(row.partitions, "partition"))", .dim)
    return line
  }
}
