import Core

/// The lines over the lists of groups and topics: how many are in trouble, and how fresh the reading is.
struct LagSums {
  let content: Content
  let state: LagListState
  let columns: Int
  let glyphs: Glyphs
  private var lag: LagView { content.lag }
  private var look: LagLook { LagLook(glyphs: glyphs) }

  /// How many lines there are in a body of so many rows.
  static func height(_ lag: LagView, body: Int) -> Int {
    guard body >= 8 else { return 1 }
    return !lag.isListed && body >= 12 ? 3 : 2
  }

  func lines(height: Int) -> [StyledLine] {
    var lines = [state.showsTopics ? topics : groups, fitting(reading(isUnlistedToldApart: height > 2))]
    if height > 2 { lines.append(StyledLine(" \(glyphs.stuck) \(Self.unlisted)", .warning)) }
    return Array(lines.prefix(height))
  }

  private static let unlisted = "the broker does not list groups: only the configured ones are shown"

  private static let gap = "   "

  /// Whole items, those that there is room for.
  private func fitting(_ items: [StyledLine]) -> StyledLine {
    var line = StyledLine()
    for item in items {
      let before = line.isEmpty ? " " : Self.gap
      guard line.columns + before.count + item.columns <= columns else { continue }
      line.add(before)
      line.add(item)
    }
    return line
  }

  /// "300 groups   ✖ empty 1   ▲ stalled 2   ● ok 297"; what there is no room for is "and 12 others".
  private var groups: StyledLine {
    let verdicts = LagVerdict.allCases.reversed().filter { (lag.counts[$0] ?? 0) > 0 }
    var line = StyledLine(" \(LagText.counted(lag.total, "group"))", .text, .strong)
    var rest = verdicts.reduce(0) { LagText.sum($0, lag.counts[$1] ?? 0) }
    for (index, verdict) in verdicts.enumerated() {
      let count = lag.counts[verdict] ?? 0
      let item = "\(look.verdict(verdict)) \(Quantity.count(count))"
      let others = "and \(Quantity.count(rest)) others"
      let isLast = index == verdicts.count - 1
      let needed = item.count + (isLast ? 0 : Self.gap.count + others.count)
      guard line.columns + Self.gap.count + needed <= columns else {
        line.add(Self.gap + others, .dim)
        break
      }
      line.add(Self.gap)
      line.add(item, look.role(verdict), verdict.isTrouble ? .strong : [])
      rest -= count
    }
    return line
  }

  private var topics: StyledLine {
    let rates = lag.topics.compactMap(\.rateIn)
    let partitions = lag.topics.reduce(0) { LagText.sum($0, $1.partitions) }
    var items = [StyledLine(LagText.counted(lag.topics.count, "topic"), .text, .strong)]
    items.append(StyledLine(LagText.counted(partitions, "partition"), .dim))
    if !rates.isEmpty { items.append(StyledLine("\(Quantity.rate(rates.reduce(0, +))) arrive", .text)) }
    return fitting(items)
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
    let topics = lag.topics.filter(\.isDeadLetter)
    guard !topics.isEmpty else { return nil }
    let held = topics.filter { $0.messages != 0 }
    guard !held.isEmpty else { return StyledLine("no dead letters", .dim) }
    let known = held.compactMap(\.messages)
    let sum = known.isEmpty ? nil : known.reduce(0, LagText.sum)
    let text = "dead letters \(LagText.count(sum)) in \(LagText.counted(held.count, "topic"))"
    return StyledLine("\(glyphs.failed) \(text)", .failed)
  }

  /// "read 1.2s ago in 45 ms, 12 requests".
  private var freshness: StyledLine? {
    guard let readAt = lag.readAt else { return nil }
    let age = Quantity.age(content.header.now - readAt)
    let took = lag.took.map { " in \(Quantity.latency($0))" } ?? ""
    let requests = lag.requests.map { ", \(LagText.counted($0, "request"))" } ?? ""
    let isStale = LagFreshness(content: content).isStale
    return StyledLine("read \(age) ago\(took)\(requests)", isStale ? .stale : .dim, isStale ? .strong : [])
  }

  private var range: StyledLine {
    let (offset, count, matching) =
      state.showsTopics
      ? (content.topics.offset, content.topics.rows.count, content.topics.matching)
      : (content.groups.offset, content.groups.rows.count, content.groups.matching)
    let places = count == 0 ? "none" : "\(offset + 1)-\(offset + count)"
    let order = state.showsTopics ? "" : " by \(state.order.rawValue)\(state.isReversed ? ", reversed" : "")"
    return StyledLine("showing \(places) of \(Quantity.grouped(matching))\(order)", .dim)
  }
}

/// Whether what is shown of the groups is what is.
struct LagFreshness {
  let content: Content

  /// A round may take long on a large cluster: then its reading may be older.
  var isStale: Bool {
    guard let readAt = content.lag.readAt else { return false }
    let round = content.lag.took ?? .zero
    return content.header.now - readAt > max(Freshness.patience, round + round + round)
  }
}
