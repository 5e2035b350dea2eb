import Core

/// Nodes, roll-backs and failure patterns: which list is in front, what is under the cursor, what Enter does.
extension UIState {
  /// `t`: from the roll-backs to the failure patterns, from the nodes to the members of the groups, and back.
  mutating func showOtherList(_ command: Command) {
    switch command {
    case .patterns:
      compensations.showsPatterns = view != .compensations || !compensations.showsPatterns
      show(.compensations)
    case .members:
      nodes.showsMembers = view != .nodes || !nodes.showsMembers
      show(.nodes)
    default: break
    }
  }

  mutating func openInHistory(_ content: Content) -> Page.Subject? {
    switch (view, compensations.showsPatterns, nodes.showsMembers) {
    case (.compensations, false, _):
      return selectedCompensation(in: content).map { .saga($0.saga, id: $0.sagaID) }
    case (.compensations, true, _):
      if let row = selectedPattern(in: content) { showSagas(matching: Filter.text(pattern: row.pattern)) }
    case (.nodes, _, true):
      return selectedMember(in: content).map { .group($0.group) }
    case (.nodes, _, false):
      guard let row = selectedNode(in: content) else { return nil }
      if content.nodes.naming == .members { return row.groups.first.map { .group($0) } }
      showSagas(matching: Filter.text(.node, row.node))
    default: break
    }
    return nil
  }

  /// The list of sagas, so that its actions apply.
  private mutating func showSagas(matching text: String) {
    guard frozenAt == nil, let filter = try? ListFilter(text) else { return }
    view = .sagas
    self.filter = filter
  }

  package func selectedCompensation(in content: Content) -> CompensationView? {
    Self.row(of: content.compensations.rows, at: compensations.cursor.position - content.compensations.offset)
  }

  package func selectedPattern(in content: Content) -> FailurePatternRow? {
    Self.row(of: content.failures.rows, at: compensations.patterns.position - content.failures.offset)
  }

  package func selectedNode(in content: Content) -> NodeRow? {
    Self.row(of: content.nodes.rows, at: nodes.cursor.position - content.nodes.offset)
  }

  package func selectedMember(in content: Content) -> MemberRow? {
    Self.row(of: content.members.rows, at: nodes.members.position - content.members.offset)
  }

  private static func row<Row>(of rows: [Row], at index: Int) -> Row? {
    rows.indices.contains(index) ? rows[index] : nil
  }

  /// What `y` copies in these views.
  func selectedInHistory(_ content: Content) -> String? {
    switch view {
    case .compensations:
      compensations.showsPatterns
        ? selectedPattern(in: content)?.pattern : selectedCompensation(in: content)?.sagaID
    case .nodes: nodes.showsMembers ? selectedMember(in: content)?.clientID : selectedNode(in: content)?.node
    default: nil
    }
  }

  mutating func moveInHistory(_ movement: ListMovement, _ content: Content) {
    switch (view, compensations.showsPatterns, nodes.showsMembers) {
    case (.compensations, false, _):
      let list = content.compensations
      movement.apply(to: &compensations.cursor, ids: list.ids, offset: list.offset, count: list.matching)
    case (.compensations, true, _):
      let list = content.failures
      movement.apply(to: &compensations.patterns, ids: list.ids, offset: list.offset, count: list.matching)
    case (.nodes, _, false):
      let list = content.nodes
      movement.apply(to: &nodes.cursor, ids: list.ids, offset: list.offset, count: list.matching)
    case (.nodes, _, true):
      let list = content.members
      movement.apply(to: &nodes.members, ids: list.ids, offset: list.offset, count: list.matching)
    default: break
    }
  }

  /// The place of the first row on the screen, and how many there are.
  func shownInHistory(_ content: Content) -> (offset: Int, count: Int) {
    switch (view, compensations.showsPatterns, nodes.showsMembers) {
    case (.compensations, false, _): (content.compensations.offset, content.compensations.rows.count)
    case (.compensations, true, _): (content.failures.offset, content.failures.rows.count)
    case (.nodes, _, true): (content.members.offset, content.members.rows.count)
    default: (content.nodes.offset, content.nodes.rows.count)
    }
  }

  /// By a click on a column's title.
  mutating func sortHistory(at x: Int, _ area: Rect) {
    if view == .compensations, compensations.showsPatterns {
      guard let order = FailureTable.field(at: x, in: area)?.order else { return }
      if compensations.patternOrder == order { compensations.isPatternReversed.toggle() }
      compensations.patternOrder = order
    } else if view == .compensations {
      guard let order = CompensationTable.field(at: x, in: area)?.order else { return }
      if compensations.order == order { compensations.isReversed.toggle() }
      compensations.order = order
    } else if view == .nodes, !nodes.showsMembers {
      guard let order = NodeTable.field(at: x, in: area)?.order else { return }
      nodes.sort(byTitleOf: order)
    }
  }

  /// Returns false where the view in front knows no such order.
  mutating func sortHistory(by name: String) -> Bool {
    if view == .compensations, compensations.showsPatterns, let order = FailureOrder(rawValue: name) {
      compensations.patternOrder = order
    } else if view == .compensations, !compensations.showsPatterns,
      let order = CompensationOrder(rawValue: name)
    {
      compensations.order = order
    } else if view == .nodes, let order = NodeOrder(rawValue: name) {
      nodes.order = order
    } else {
      return false
    }
    return true
  }

  mutating func sortHistory(_ command: Command, now: Timestamp) {
    if view == .compensations { compensations.sort(command) } else { nodes.sort(command) }
    say("sorted by \(view == .compensations ? compensations.sortedBy : nodes.orderText)", now: now)
  }
}
