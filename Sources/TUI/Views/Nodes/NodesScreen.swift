import Core
import Text

/// The nodes or the members of the consumer groups, and what is known of the node under the cursor.
struct NodesScreen {
  let content: Content
  let state: UIState
  let glyphs: Glyphs

  func draw(into frame: inout Frame, _ layout: ScreenLayout) {
    let empty = EmptyState(content: content, view: .nodes)
    if empty.applies { return empty.draw(into: &frame, layout.body, glyphs: glyphs) }
    let sums = NodeSums(content: content, state: state.nodes, columns: layout.summary.width, glyphs: glyphs)
    for (index, line) in sums.lines(height: layout.summary.height).enumerated() {
      frame.put(line, x: 0, y: layout.summary.y + index, width: layout.summary.width, ellipsis: glyphs.ellipsis)
    }
    if state.nodes.showsMembers {
      drawMembers(into: &frame, layout.list)
    } else {
      drawNodes(into: &frame, layout)
    }
  }

  private func drawMembers(into frame: inout Frame, _ area: Rect) {
    MemberTable(list: content.members, cursor: state.nodes.members.position, glyphs: glyphs).draw(into: &frame, area)
    guard content.members.rows.isEmpty else { return }
    let text = content.members.total == 0 ? "no member of a consumer group is known" : "no member matches"
    frame.put(text, x: 2, y: area.y + 1, role: .dim)
  }

  private func drawNodes(into frame: inout Frame, _ layout: ScreenLayout) {
    NodeTable(list: content.nodes, state: state.nodes, now: content.header.now, glyphs: glyphs)
      .draw(into: &frame, layout.list)
    if content.nodes.rows.isEmpty {
      let text = content.nodes.total == 0 ? "no node is known" : "no node matches"
      frame.put(text, x: 2, y: layout.list.y + 1, role: .dim)
    }
    guard let row = state.selectedNode(in: content) else { return }
    detail(of: row).draw(into: &frame, layout.detail, glyphs: glyphs)
  }

  private func detail(of row: NodeRow) -> DetailLines {
    let look = NodeStyle(glyphs: glyphs)
    var headline = StyledLine(Truncation.middle(row.node, columns: 40, ellipsis: glyphs.ellipsis), .heading, .strong)
    headline.add(": ")
    headline.add(row.reason, row.verdict == .even ? .text : look.role(row.verdict))
    var facts: [StyledLine] = []
    if let version = row.version { headline.add(", version \(version)", .dim) }
    if let share = row.share, let even = row.evenShare {
      let ended = Quantity.grouped(row.steps ?? 0)
      facts.append(
        StyledLine("it ended \(ended) attempts, \(Quantity.share(share)); an even share is \(Quantity.share(even))"))
    }
    if !row.groups.isEmpty {
      facts.append(StyledLine("member of \(row.groups.joined(separator: ", "))"))
    }
    return DetailLines(headline: headline, facts: facts)
  }
}
