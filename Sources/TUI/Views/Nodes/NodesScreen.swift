import Core
import Text

extension ViewID {
  package static let nodes = ViewID("nodes")
}

/// The list of nodes that process sagas, and how evenly the work is distributed.
package struct NodesScreen: ListScreen {
  package static let id = ViewID.nodes
  package static let place = "in the list of nodes"
  package static let keys = ViewKeys(
    open: ("show the sagas of the node", "sagas"), filter: "filter: words, status:silent, step:payment",
    sibling: (.members, "show the members of the consumer groups", "members"))
  package static let legend: [(String, String)] =
    NodeVerdict.allCases.reversed().map { ($0.rawValue, NodeStyle.meaning($0)) } + [
      ("SHARE", "of all attempts at the steps that it does"),
      ("STEPS", "attempts that it ended, those that failed too"),
      ("P50 P95", "from being handed an attempt to its end"),
      ("chi-square, p", "Pearson's test against even shares, per step"),
      ("-", "not known; it is never written as 0"),
    ]

  package var list = ListState<NodeRow, NodeOrder>()
  private var read = NodeList()

  package init() {}

  /// Nodes from events and nodes from group members have different properties and columns.
  package var columns: [ListColumn<NodeRow, NodeOrder>] {
    Self.common + (read.naming == .events ? Self.ofEvents : Self.ofMembers)
  }

  private static let common: [ListColumn<NodeRow, NodeOrder>] = [
    ListColumn("NODE", .by { (16, $0 >= 120 ? 36 : 22) }, priority: 0, order: .node) { $1.middle($0.node) },
    ListColumn("VERDICT", .exactly(9), priority: 1, order: .severity) { row, cell in
      let style = NodeStyle(glyphs: cell.glyphs)
      return StyledLine(style.verdict(row.verdict), style.role(row.verdict))
    },
  ]

  private static let ofEvents: [ListColumn<NodeRow, NodeOrder>] = [
    ListColumn("SHARE", .exactly(7), align: .right, priority: 2, order: .share) { row, cell in
      cell.known(Quantity.share(row.share), row.verdict == .skewed ? .warning : .text)
    },
    ListColumn("SAGAS", .exactly(5), align: .right, priority: 6, order: .sagas) { $1.known(Quantity.count($0.sagas)) },
    ListColumn("STEPS", .exactly(5), align: .right, priority: 3, order: .steps) { $1.known(Quantity.count($0.steps)) },
    ListColumn("FAILED", .exactly(6), align: .right, priority: 4, order: .failed) { row, cell in
      cell.known(Quantity.count(row.failed), row.failed == 0 ? .dim : .failed)
    },
    ListColumn("COMP", .exactly(6), align: .right, priority: 10) { row, cell in
      cell.known(Quantity.count(row.undone), row.undone == 0 ? .dim : .compensated)
    },
    ListColumn("/s", .exactly(5), align: .right, priority: 5) { $1.known(LagText.perSecond($0.rate)) },
    ListColumn("P50", .exactly(7), align: .right, priority: 9) { $1.known(Quantity.latency($0.p50)) },
    ListColumn("P95", .exactly(7), align: .right, priority: 7) { $1.known(Quantity.latency($0.p95)) },
    ListColumn("LAST", .exactly(5), align: .right, priority: 8) { row, cell in
      cell.known(Quantity.age(row.lastAt.map { cell.now - $0 }), row.verdict == .silent ? .failed : .text)
    },
    ListColumn("TREND", .from(8, to: 60), priority: 11) { $1.trend($0.history, floor: 1) },
  ]

  private static let ofMembers: [ListColumn<NodeRow, NodeOrder>] = [
    ListColumn("PARTITIONS", .exactly(10), align: .right, priority: 2) { $1.known(Quantity.count($0.partitions)) },
    ListColumn("GROUPS", .from(12, to: .max), priority: 3) { row, cell in
      cell.known(row.groups.isEmpty ? nil : row.groups.joined(separator: " "))
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.nodes(list.query(request), now: request.now)
    list.take(read, height: request.height)
  }

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int { NodesSummary.height(read, body: body) }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let order = read.naming == .events ? list.orderText : "name"
    return NodesSummary(nodes: read, columns: context.columns, glyphs: context.glyphs)
      .lines(range: SumLine.range(list.places, of: list.matching, by: order), height: height)
  }

  package func detail(of row: NodeRow, _ context: DrawContext) -> DetailLines? {
    let style = NodeStyle(glyphs: context.glyphs)
    var headline = StyledLine(
      Truncation.middle(row.node, columns: 40, ellipsis: context.glyphs.ellipsis), .heading, .strong)
    headline.add(": ")
    headline.add(row.reason, row.verdict == .even ? .text : style.role(row.verdict))
    var facts: [StyledLine] = []
    if let version = row.version { headline.add(", version \(version)", .dim) }
    if let share = row.share, let even = row.evenShare {
      let ended = Quantity.grouped(row.steps ?? 0)
      facts.append(
        StyledLine("it ended \(ended) attempts, \(Quantity.share(share)); an even share is \(Quantity.share(even))"))
    }
    if let pod = row.pod {
      var fact = StyledLine("pod \(pod.state.rawValue)", PodStyle.role(pod.state))
      fact.add(" on \(pod.pod.node ?? "no node"), \(pod.pod.restarts) restarts", .dim)
      if let trouble = pod.trouble { fact.add("; it \(trouble)", PodStyle.role(pod.state)) }
      facts.append(fact)
    }
    if !row.groups.isEmpty { facts.append(StyledLine("member of \(row.groups.joined(separator: ", "))")) }
    return DetailLines(headline: headline, facts: facts)
  }

  package func emptyState(_ status: SystemStatus) -> EmptyState? {
    status.hasNoSagas && read.total == 0 ? .sagas : nil
  }

  package var emptyText: String { read.total == 0 ? "no node is known" : "no node matches" }

  package func open(_ row: NodeRow) -> Layer? {
    guard read.naming == .members else { return SagasScreen.opened(Filter.text("node", row.node)) }
    return row.groups.first.map { .page(GroupPage($0)) }
  }

  package func copied(_ row: NodeRow) -> String? { row.node }
}

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
    var parts = [StyledLine(Quantity.counted(nodes.total, "node"), .text, .strong)] + counted
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
    line.add("by \(Quantity.counted(spread.nodes, "node")): ", .dim)
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
    let degrees = Quantity.counted(test.degrees, "degree")
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
