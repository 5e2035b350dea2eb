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
    } else if view == .events {
      let list = content.events
      events.cursor.move(by: distance, ids: list.ids, offset: list.offset, count: list.matching)
    } else {
      stepInSagas(by: distance, content.sagas)
    }
  }

  private mutating func stepInSagas(by distance: Int, _ list: SagaListView) {
    let before = sagaList.cursor.position
    sagaList.cursor.move(by: distance, ids: list.ids, offset: list.offset, count: list.matching)
    guard sagaList.isMarkingRange else { return }
    let after = sagaList.cursor.position
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
    } else if view == .events {
      let list = content.events
      guard toEnd else { return events.cursor.release() }
      events.cursor.place(at: list.matching - 1, ids: list.ids, offset: list.offset, count: list.matching)
    } else if sagaList.isMarkingRange {
      say("a range is marked line by line or page by page", isError: true, now: now)
    } else {
      let list = content.sagas
      guard toEnd else { return sagaList.cursor.release() }
      sagaList.cursor.place(at: list.matching - 1, ids: list.ids, offset: list.offset, count: list.matching)
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
      let list = content.sagas
      sagaList.cursor.move(by: 1, ids: list.ids, offset: list.offset, count: list.matching)
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
      if let view = TabsLine.view(at: x) { show(view) }
    } else if !pages.isEmpty {
      let lines = lines(content, layout.size)
      let index = pages[pages.count - 1].document.top + y - layout.body.y
      guard layout.body.height > 0, lines.indices.contains(index), let id = lines[index].id else { return }
      pages[pages.count - 1].document.select(id)
    } else if y == layout.list.y, view != .events {
      sortByTitle(at: x, layout)
    } else if y > layout.list.y, y < layout.list.y + layout.list.height {
      let row = y - layout.list.y - 1
      let sagas = content.sagas
      let events = content.events
      if view == .events {
        guard row < events.rows.count else { return }
        self.events.cursor.place(
          at: events.offset + row, ids: events.ids, offset: events.offset, count: events.matching)
      } else if row < sagas.rows.count {
        sagaList.cursor.place(at: sagas.offset + row, ids: sagas.ids, offset: sagas.offset, count: sagas.matching)
      }
    }
  }

  private mutating func sortByTitle(at x: Int, _ layout: ScreenLayout) {
    guard frozenAt == nil, let field = SagaTable.field(at: x, isFull: view == .sagas, in: layout.list),
      let order = field.order
    else { return }
    if sagaList.order == order { sagaList.isReversed.toggle() } else { sagaList.order = order }
  }

  private mutating func scroll(by distance: Int, _ content: Content, _ layout: ScreenLayout) {
    if isHelpOpen {
      helpTop = max(0, helpTop + distance)
    } else if !pages.isEmpty {
      pages[pages.count - 1].document.scroll(
        by: distance, lines: lines(content, layout.size).map(\.id), height: layout.body.height)
    } else if view == .events {
      let list = content.events
      events.cursor.scroll(
        by: distance, height: layout.listHeight, ids: list.ids, offset: list.offset, count: list.matching)
    } else {
      let list = content.sagas
      sagaList.cursor.scroll(
        by: distance, height: layout.listHeight, ids: list.ids, offset: list.offset, count: list.matching)
    }
  }
}

extension SagaListView {
  var ids: [SagaHandle] { rows.map(\.handle) }
}

extension EventListView {
  var ids: [EventID] { rows.map { EventID($0) } }
}
