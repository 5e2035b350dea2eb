import Core
import Text

/// The lines over the list of nodes: how they do, by what they are known, and how evenly the work is spread.
struct NodeSums {
  private static let mostSpreads = 4

  let content: Content
  let state: NodeListState
  let columns: Int
  let glyphs: Glyphs
  private var nodes: NodeList { content.nodes }
  private var items: ItemsLine { ItemsLine(columns: columns) }

  static func height(_ nodes: NodeList, _ state: NodeListState, body: Int) -> Int {
    if state.showsMembers { return 1 }
    guard body >= 10 else { return 1 }
    return 2 + max(1, min(nodes.spreads.count, mostSpreads, body / 6))
  }

  func lines(height: Int) -> [StyledLine] {
    if state.showsMembers { return [members] }
    return Array(([verdicts] + spreads(room: max(0, height - 2)) + [showing]).prefix(height))
  }

  private var members: StyledLine {
    let list = content.members
    return items.line([
      StyledLine(LagText.counted(list.total, "member"), .text, .strong),
      ItemsLine.showing(offset: list.offset, shown: list.rows.count, matching: list.matching, by: "group"),
    ])
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
    return items.line(parts)
  }

  private func spreads(room: Int) -> [StyledLine] {
    guard nodes.naming == .events else {
      let text = " no event names a node: the members of the consumer groups stand in, by client id and host"
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
    line.add(test.isSkewed ? "skewed" : "even", test.isSkewed ? .warning : .ok, .strong)
    line.add(", \(Quantity.probability(test.p))")
    let statistic = Quantity.decimal(test.statistic, digits: 1)
    line.add(
      " (chi-square \(statistic), \(test.degrees) degrees of freedom; \(test.step), \(Quantity.grouped(test.counted)) attempts)",
      .dim)
    return line
  }

  private var showing: StyledLine {
    items.line([
      ItemsLine.showing(
        offset: nodes.offset, shown: nodes.rows.count, matching: nodes.matching,
        by: nodes.naming == .events ? state.orderText : "name")
    ])
  }
}
