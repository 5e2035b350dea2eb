import Core
import Text

/// The summary above the list of nodes: verdicts, origin of the names, and distribution of the work.
struct NodesSummary {
  private static let mostSpreads = 4

  let nodes: NodeList
  let columns: Int
  let glyphs: Glyphs
  private var items: SumLine { SumLine(columns: columns) }

  static func height(_ nodes: NodeList, body: Int) -> Int {
    guard body >= 10 else { return 1 }
    return 2 + max(1, min(nodes.spreads.count, mostSpreads, body / 6))
  }

  func lines(range: StyledLine, height: Int) -> [StyledLine] {
    Array(([verdicts] + spreads(room: max(0, height - 2)) + [items.items([range])]).prefix(height))
  }

  /// "3 nodes   ✖ silent 1   ● even 2   work without a node 12".
  private var verdicts: StyledLine {
    let look = NodeStyle(glyphs: glyphs)
    let counted = NodeVerdict.allCases.reversed().compactMap { verdict in
      nodes.counts[verdict].map { count in
        StyledLine("\(look.verdict(verdict)) \(Quantity.count(count))", look.role(verdict), .strong)
      }
    }
    var parts = [StyledLine(LagText.counted(nodes.total, "node"), .text, .strong)] + counted
    if nodes.naming == .events, nodes.unnamed > 0 {
      parts.append(StyledLine("work without a node \(Quantity.count(nodes.unnamed))", .dim))
    }
    return items.items(parts)
  }

  private func spreads(room: Int) -> [StyledLine] {
    guard nodes.naming == .events else {
      let text = " no event names a node: members of the consumer groups are shown, by client id and host"
      return [StyledLine(text, .warning)] + blank(room - 1)
    }
    let lines = nodes.spreads.prefix(room).map(spread)
    return lines + blank(room - lines.count)
  }

  private func blank(_ count: Int) -> [StyledLine] { Array(repeating: StyledLine(), count: max(0, count)) }

  /// "spread of delivery inventory order payment over 3 nodes: even, p 0.55 (chi-square 1.2, 2 degrees; payment, 1,000 attempts)".
  private func spread(_ spread: NodeList.Spread) -> StyledLine {
    var line = StyledLine(" \(spread.steps.joined(separator: " ")) ", .text)
    line.add("by \(LagText.counted(spread.nodes, "node")): ", .dim)
    guard spread.nodes > 1 else {
      line.add("nothing to compare", .dim)
      return line
    }
    guard let test = spread.test else {
      line.add("too little to judge", .dim)
      return line
    }
    if test.isDoubtful {
      line.add("not judged while one is slow or silent", .dim)
    } else {
      line.add(test.isSkewed ? "skewed" : "even", test.isSkewed ? .warning : .ok, .strong)
    }
    line.add(", \(Quantity.probability(test.p))")
    if test.tested > 1 { line.add(" for \(test.tested) steps together", .dim) }
    let statistic = Quantity.decimal(test.statistic, digits: 1)
    let degrees = LagText.counted(test.degrees, "degree")
    line.add(
      " (chi-square \(statistic), \(degrees) of freedom; \(test.step), \(Quantity.grouped(test.counted)) attempts)",
      .dim)
    return line
  }
}

/// Maps a node's verdict to its glyph, colour role and label.
struct NodeStyle {
  let glyphs: Glyphs

  func glyph(_ verdict: NodeVerdict) -> Unicode.Scalar {
    switch verdict {
    case .even: glyphs.running
    case .unknown: glyphs.pending
    case .skewed, .slow: glyphs.stuck
    case .silent: glyphs.failed
    }
  }

  func role(_ verdict: NodeVerdict) -> StyleRole {
    switch verdict {
    case .even: .ok
    case .unknown: .dim
    case .skewed, .slow: .warning
    case .silent: .failed
    }
  }

  /// "▲ skewed".
  func verdict(_ verdict: NodeVerdict) -> String { "\(glyph(verdict)) \(verdict.rawValue)" }

  /// The explanation of the verdict in the help.
  static func meaning(_ verdict: NodeVerdict) -> String {
    switch verdict {
    case .even: "its share is within what chance allows"
    case .unknown: "too little work, or no other node does the same"
    case .skewed: "the shares differ by more than chance (p < 0.01)"
    case .slow: "a step takes 1.5 times as long as elsewhere, or more"
    case .silent: "it worked, and no longer does while its peers do"
    }
  }
}
