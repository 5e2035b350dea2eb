import Core

/// Moving the cursor, in lists, pages and the help.
extension UIState {
  mutating func move(_ command: Command, now: Timestamp, content: Content, size: Size) {
    let layout = ScreenLayout(size: size, state: self, content: content)
    let page = max(1, (isHelpOpen || !pages.isEmpty ? layout.body.height : layout.listHeight) - 1)
    switch command {
    case .up: step(by: -1, content, layout)
    case .down: step(by: 1, content, layout)
    case .pageUp: step(by: -page, content, layout)
    case .pageDown: step(by: page, content, layout)
    case .halfPageUp: step(by: -max(1, page / 2), content, layout)
    case .halfPageDown: step(by: max(1, page / 2), content, layout)
    case .first: jump(toEnd: false, now: now, content, layout)
    case .last: jump(toEnd: true, now: now, content, layout)
    default: break
    }
  }

  private mutating func step(by distance: Int, _ content: Content, _ layout: ScreenLayout) {
    if isHelpOpen {
      helpTop = max(0, helpTop + distance)
    } else if !pages.isEmpty {
      let ids = lines(content, layout.size).compactMap(\.id)
      pages[pages.count - 1].document.move(by: distance, ids: ids)
    } else {
      stepInList(by: distance, content)
    }
  }

  /// Moves the cursor of the list that is in front; `content` has the window of it that was read last.
  mutating func moveInList(_ movement: ListMovement, _ content: Content) {
    switch (view, lag.showsTopics) {
    case (.overview, _), (.sagas, _):
      let list = content.sagas
      movement.apply(to: &sagaList.cursor, ids: list.ids, offset: list.offset, count: list.matching)
    case (.events, _):
      let list = content.events
      movement.apply(to: &events.cursor, ids: list.ids, offset: list.offset, count: list.matching)
    case (.locks, _):
      let list = content.locks
      movement.apply(to: &locks.cursor, ids: list.ids, offset: list.offset, count: list.matching)
    case (.lag, false):
      let list = content.groups
      movement.apply(to: &lag.groups, ids: list.ids, offset: list.offset, count: list.matching)
    case (.lag, true):
      let list = content.topics
      movement.apply(to: &lag.topics, ids: list.ids, offset: list.offset, count: list.matching)
    case (.services, _):
      let list = content.services
      movement.apply(to: &services.cursor, ids: list.ids, offset: list.offset, count: list.matching)
    case (.nodes, _), (.compensations, _):
      moveInHistory(movement, content)
    case (.actions, _):
      let list = content.actions
      movement.apply(to: &actions.cursor, ids: list.ids, offset: list.offset, count: list.matching)
    }
  }

  private mutating func stepInList(by distance: Int, _ content: Content) {
    let before = sagaList.cursor.position
    moveInList(.by(distance), content)
    guard view.hasSagas, sagaList.isMarkingRange else { return }
    let after = sagaList.cursor.position
    let list = content.sagas
    for row in min(before, after)...max(before, after) where list.ids.indices.contains(row - list.offset) {
      marks.insert(list.ids[row - list.offset])
    }
  }

  private mutating func jump(toEnd: Bool, now: Timestamp, _ content: Content, _ layout: ScreenLayout) {
    if isHelpOpen {
      helpTop = toEnd ? .max / 2 : 0
    } else if !pages.isEmpty {
      let ids = lines(content, layout.size).compactMap(\.id)
      pages[pages.count - 1].document.select(at: toEnd ? ids.count - 1 : 0, ids: ids)
    } else if view.hasSagas, sagaList.isMarkingRange {
      say("a range is marked line by line or page by page", isError: true, now: now)
    } else {
      moveInList(toEnd ? .toEnd : .release, content)
    }
  }

  mutating func mark(_ command: Command, now: Timestamp, content: Content) {
    guard command != .unmark else {
      marks = []
      sagaList.isMarkingRange = false
      return
    }
    guard let saga = selectedSaga(in: content) else { return }
    if command == .markRange {
      sagaList.isMarkingRange.toggle()
      if sagaList.isMarkingRange { marks.insert(saga.handle) }
    } else {
      if marks.remove(saga.handle) == nil { marks.insert(saga.handle) }
      moveInList(.by(1), content)
    }
  }

  /// Click selects, double click opens, the wheel scrolls, a click on a column's title sorts.
  mutating func pointed(_ mouse: Key.Mouse, x: Int, y: Int, content: Content, size: Size) {
    let layout = ScreenLayout(size: size, state: self, content: content)
    switch mouse {
    case .wheelUp: scroll(by: -3, content, layout)
    case .wheelDown: scroll(by: 3, content, layout)
    case .click, .doubleClick:
      guard !isHelpOpen else { return isHelpOpen = false }
      clicked(x: x, y: y, content, layout)
      if mouse == .doubleClick { navigate(.open, content: content, size: size) }
    }
  }

  private mutating func clicked(x: Int, y: Int, _ content: Content, _ layout: ScreenLayout) {
    if let tab = layout.tabs, y == tab.y {
      if let view = TabsLine.view(at: x, of: layout.size.columns) { show(view) }
    } else if !pages.isEmpty {
      let lines = lines(content, layout.size)
      let index = pages[pages.count - 1].document.top + y - layout.body.y
      guard layout.body.height > 0, lines.indices.contains(index), let id = lines[index].id else { return }
      pages[pages.count - 1].document.select(id)
    } else if y == layout.list.y {
      sortByTitle(at: x, layout)
    } else if y > layout.list.y, y < layout.list.y + layout.list.height {
      let (offset, shown) = shownRows(content)
      let row = y - layout.list.y - 1
      if row < shown { moveInList(.to(offset + row), content) }
    }
  }

  /// The place of the first row on the screen, and how many there are.
  private func shownRows(_ content: Content) -> (offset: Int, count: Int) {
    switch (view, lag.showsTopics) {
    case (.overview, _), (.sagas, _): (content.sagas.offset, content.sagas.rows.count)
    case (.events, _): (content.events.offset, content.events.rows.count)
    case (.locks, _): (content.locks.offset, content.locks.rows.count)
    case (.lag, false): (content.groups.offset, content.groups.rows.count)
    case (.lag, true): (content.topics.offset, content.topics.rows.count)
    case (.actions, _): (content.actions.offset, content.actions.rows.count)
    case (.services, _): (content.services.offset, content.services.rows.count)
    case (.nodes, _), (.compensations, _): shownInHistory(content)
    }
  }

  private mutating func sortByTitle(at x: Int, _ layout: ScreenLayout) {
    guard frozenAt == nil else { return }
    if view.hasSagas {
      guard let order = SagaTable.field(at: x, isFull: view == .sagas, in: layout.list)?.order else { return }
      sagaList.sort(byTitleOf: order)
    } else if view == .lag, !lag.showsTopics {
      guard let order = GroupTable.order(at: x, in: layout.list) else { return }
      lag.sort(byTitleOf: order)
    } else if view == .locks {
      guard let order = LockTable.order(at: x, in: layout.list) else { return }
      locks.sort(byTitleOf: order)
    } else if view == .services {
      guard let order = ServiceTable.order(at: x, in: layout.list) else { return }
      services.sort(byTitleOf: order)
    } else {
      sortHistory(at: x, layout.list)
    }
  }

  private mutating func scroll(by distance: Int, _ content: Content, _ layout: ScreenLayout) {
    if isHelpOpen {
      helpTop = max(0, helpTop + distance)
    } else if !pages.isEmpty {
      pages[pages.count - 1].document.scroll(
        by: distance, lines: lines(content, layout.size).map(\.id), height: layout.body.height)
    } else {
      moveInList(.scroll(distance, height: layout.listHeight), content)
    }
  }
}
