import Core

/// Handling of keys and mouse events.
extension App {
  package mutating func handle(_ key: Key, now: Timestamp) -> Effect? {
    let isWarned = pending.hasWarned
    pending.hasWarned = false
    switch update(key, now: now) {
    case .quit where pending.count > 0 && !isWarned:
      pending.hasWarned = true
      say("\(pending.count) not sent yet: \(self.key(.quit)) again quits and cancels them", isError: true, now: now)
      return nil
    case .act(let task):
      begin(task)
      return nil
    case .cancelActions(let intent):
      control?.cancel(intent: intent)
      return nil
    case .resumeActions(let intent):
      control?.resume(intent: intent)
      return nil
    case let effect: return effect ?? remember()
    }
  }

  private mutating func update(_ key: Key, now: Timestamp) -> Effect? {
    if dialog != nil { return answer(key) }
    if prompt != nil { return typed(key, now: now) }
    if themeChooser != nil { return chooseTheme(key, now: now) }
    notice = nil
    if case .pasted = key {
      let places = "\(self.key(.filter)) and \(self.key(.prompt))"
      say("pasted text is not taken for keys; it can be pasted into \(places)", isError: true, now: now)
      return nil
    }
    if case .mouse(let mouse, let x, let y) = key {
      pointed(mouse, x: x, y: y, now: now)
      return nil
    }
    guard let command = keys.command(for: key, in: scope) else {
      say("\(key.name) does nothing here; \(self.key(.help)) lists the keys", now: now)
      return nil
    }
    return run(command, now: now)
  }

  mutating func run(_ command: Command, now: Timestamp) -> Effect? {
    if command.acts, refusesInPast(now: now) { return nil }
    switch command {
    case .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .first, .last: move(command, now: now)
    case .open, .unfold, .fold: open(command, now: now)
    case .close: close(now: now)
    case .filter, .nextMatch, .previousMatch: find(command, now: now)
    case .sortPrevious, .sortNext, .reverse: sort(command, now: now)
    case .freeze: toggleFreeze(now: now)
    case .why: explain(now: now)
    case .trace: openTrace(now: now)
    case .reading: if !(frontPage is ReadingPage) { push(.page(ReadingPage())) }
    case .changes(let span):
      if frontPage is ChangesPage { opened.removeLast() }
      push(.page(ChangesPage(span)))
    case .picture: return .savePicture
    case .ready: if !refusesInPast(now: now) { question = .readiness }
    case .copy: return copy(frontPage.map(\.copied) ?? frontList.selectedCopy, now: now)
    case .copyRow: return copy(frontPage.map(\.copied) ?? frontList.rowText(context(.unicode)), now: now)
    case .act(let action): return act(action, now: now)
    case .mark, .markRange, .unmark, .cancelPending, .resumePending, .nextCause: return runInList(command, now: now)
    case .show(let view): show(view)
    case .showTab(let name): showTab(name)
    case .nextTab: showTab(by: 1)
    case .previousTab: showTab(by: -1)
    case .replay(let playback): return .replay(playback)
    case .past(let step): return .past(step)
    case .stopHistory: return .stopHistory
    case .context(let text): return .context(text)
    case .prompt: prompt = Prompt(.command)
    case .help:
      isHelpOpen.toggle()
      helpTop = 0
    case .theme: chooseTheme(now: now)
    case .mouse: return .toggleMouse
    case .redraw: return .redraw
    case .suspend: return .suspend
    case .quit: return quit()
    }
    return nil
  }

  private mutating func runInList(_ command: Command, now: Timestamp) -> Effect? {
    guard case .list(var list) = front else { return nil }
    let effect = list.run(command)
    front = .list(list)
    if case .nothing(let why) = effect {
      say(why, now: now)
      return nil
    }
    if case .cancelActions = effect { say("pending requests of this plan are cancelled", now: now) }
    if case .resumeActions = effect { say("the run continues", now: now) }
    return effect
  }

  private mutating func showTab(_ name: String) {
    guard let tab = Views.tabs.first(where: { $0.name == name }) else { return }
    show(shown[name] ?? tab.views[0])
  }

  private mutating func showTab(by distance: Int) {
    let tabs = Views.tabs
    let place = (tabs.firstIndex { $0.name == viewType.tab } ?? 0) + distance
    showTab(tabs[((place % tabs.count) + tabs.count) % tabs.count].name)
  }

  private mutating func toggleFreeze(now: Timestamp) {
    guard past == nil else { return say("the past does not move: \(key(.past(.live))) returns to live", now: now) }
    frozenAt = frozenAt == nil ? status.header.now : nil
    mustReadWide = frozenAt != nil
  }

  /// Actions are refused while the past is shown: the screen is not the current state.
  mutating func refusesInPast(now: Timestamp) -> Bool {
    guard past != nil else { return false }
    say("this is the past: press \(key(.past(.live))) to return to live first", isError: true, now: now)
    return true
  }

  /// Sort, filter and actions are refused while the screen is frozen: only the rows that were read are available.
  mutating func refusesWhileFrozen(now: Timestamp) -> Bool {
    guard frozenAt != nil else { return false }
    say("frozen: press \(key(.freeze)) to go on first", isError: true, now: now)
    return true
  }

  private mutating func copy(_ text: String?, now: Timestamp) -> Effect? {
    guard let text else {
      say("nothing to copy here", now: now)
      return nil
    }
    guard let safe = ClipboardText(text) else {
      say("nothing to copy: it has control characters only", isError: true, now: now)
      return nil
    }
    let note = safe.isChanged ? ", without control characters" : ""
    say("sent to the terminal\(note) (tmux: set-clipboard on): \(safe.text)", now: now)
    return .copy(safe.text)
  }

  private mutating func sort(_ command: Command, now: Timestamp) {
    guard !refusesWhileFrozen(now: now), case .list(var list) = front else { return }
    let order = list.sort(command)
    front = .list(list)
    say("sorted by \(order)", now: now)
  }

  // MARK: Going back

  /// Closes the help or the topmost layer; quits the program if none is open.
  private mutating func quit() -> Effect? {
    if isHelpOpen {
      isHelpOpen = false
    } else if opened.popLast() == nil {
      return .quit
    }
    return nil
  }

  /// Esc in a list removes one thing per press: range, filter, marks. In an opened list, and on a page, it then goes back.
  private mutating func close(now: Timestamp) {
    if isHelpOpen { return isHelpOpen = false }
    guard case .list(var list) = front else {
      opened.removeLast()
      return
    }
    if list.clearRange() || clearFilter(&list) || (opened.isEmpty && list.clearMarks()) {
      front = .list(list)
    } else if opened.popLast() == nil {
      say("nothing to go back to; \(key(.quit)) quits", now: now)
    }
  }

  /// An opened list is reset to the filter that it was opened with.
  private func clearFilter(_ list: inout any ListScreen) -> Bool {
    let first = opened.isEmpty ? ListFilter() : list.openedWith
    guard list.filter != first else { return false }
    if frozenAt == nil { list.filter = first }
    return true
  }

  // MARK: Opening

  private mutating func open(_ command: Command, now: Timestamp) {
    if isHelpOpen { return isHelpOpen = false }
    guard frontPage == nil else { return openInPage(command, now: now) }
    guard let layer = frontList.opened else { return say("nothing opens here", now: now) }
    if case .list = layer, refusesWhileFrozen(now: now) { return }
    push(layer)
  }

  private mutating func openInPage(_ command: Command, now: Timestamp) {
    guard var page = frontPage else { return }
    let lines = page.lines(context(.ascii))
    let ids = lines.compactMap(\.id)
    guard let index = page.document.current(in: ids), let line = lines.first(where: { $0.id == ids[index] }) else {
      return
    }
    if let next = line.opens, command != .fold { return push(.page(next)) }
    switch (command, line.fold) {
    case (.open, .folded), (.unfold, .folded), (.open, .unfolded), (.fold, .unfolded):
      page.document.isRevealing = line.fold == .folded
      page.document.toggled.formSymmetricDifference([ids[index]])
    case (.fold, _):
      guard let parent = line.parent else { return _ = opened.popLast() }
      page.document.select(parent)
    default: return say("nothing unfolds here", now: now)
    }
    front = .page(page)
  }

  private mutating func openTrace(now: Timestamp) {
    guard !(frontPage is TracePage) else { return }
    guard let saga = frontPage as? SagaPage ?? frontPage?.saga else { return say("no saga is known here", now: now) }
    push(.page(TracePage(saga.handle, id: saga.copied)))
  }

  /// Selects the first cause on the saga's page; opens that page first if the front shows a saga.
  private mutating func explain(now: Timestamp) {
    if let saga = frontPage.map({ $0.saga }) ?? frontList.selectedSaga { push(.page(saga)) }
    guard var page = frontPage as? SagaPage else { return say("no saga is known here", now: now) }
    page.document.select(.cause(0))
    page.document.isRevealing = true
    front = .page(page)
  }

  // MARK: Moving

  private mutating func move(_ command: Command, now: Timestamp) {
    let layout = layout
    let page = max(1, (isHelpOpen || frontPage != nil ? layout.body.height : layout.listHeight) - 1)
    switch command {
    case .up: step(by: -1)
    case .down: step(by: 1)
    case .pageUp: step(by: -page)
    case .pageDown: step(by: page)
    case .halfPageUp: step(by: -max(1, page / 2))
    case .halfPageDown: step(by: max(1, page / 2))
    default: jump(toEnd: command == .last, now: now)
    }
  }

  private mutating func step(by distance: Int) {
    if isHelpOpen {
      helpTop = max(0, helpTop + distance)
    } else {
      moveFront(.by(distance)) { document, ids in document.move(by: distance, ids: ids) }
    }
  }

  private mutating func jump(toEnd: Bool, now: Timestamp) {
    if isHelpOpen {
      helpTop = toEnd ? .max / 2 : 0
    } else if frontPage == nil, let refusal = frontList.jumpRefusal {
      say(refusal, isError: true, now: now)
    } else {
      moveFront(toEnd ? .toLast : .toFirst) { document, ids in document.select(at: toEnd ? ids.count - 1 : 0, ids: ids)
      }
    }
  }

  private mutating func moveFront(_ movement: ListMovement, _ inPage: (inout Document, [LineID]) -> Void) {
    switch front {
    case .list(var list):
      list.move(movement)
      front = .list(list)
    case .page(var page):
      inPage(&page.document, page.lines(context(.ascii)).compactMap(\.id))
      front = .page(page)
    }
  }

  // MARK: The mouse

  /// Click selects, double click opens, the wheel scrolls, a click on a column's title sorts.
  private mutating func pointed(_ mouse: Key.Mouse, x: Int, y: Int, now: Timestamp) {
    switch mouse {
    case .wheelUp: scroll(by: -3)
    case .wheelDown: scroll(by: 3)
    case .click, .doubleClick:
      guard !isHelpOpen else { return isHelpOpen = false }
      clicked(x: x, y: y)
      if mouse == .doubleClick { open(.open, now: now) }
    }
  }

  private mutating func clicked(x: Int, y: Int) {
    let layout = layout
    if let tabs = layout.tabs, y == tabs.y {
      if let tab = TabsLine(app: self, glyphs: .ascii).tab(at: x, of: size.columns) { showTab(tab.name) }
      return
    }
    switch front {
    case .page(var page):
      let lines = page.lines(context(.ascii))
      let index = page.document.top + y - layout.body.y
      guard layout.body.height > 0, lines.indices.contains(index), let id = lines[index].id else { return }
      page.document.select(id)
      front = .page(page)
    case .list(var list):
      let row = y - layout.list.y - 1
      if row == -1 {
        guard frozenAt == nil else { return }
        list.sort(at: x, layout.list, context(.ascii))
      } else if row >= 0, row < min(layout.list.height - 1, list.places.count) {
        list.move(.to(list.places.lowerBound + row))
      }
      front = .list(list)
    }
  }

  private mutating func scroll(by distance: Int) {
    let layout = layout
    if isHelpOpen { return helpTop = max(0, helpTop + distance) }
    switch front {
    case .list(var list):
      list.move(.scroll(distance, height: layout.listHeight))
      front = .list(list)
    case .page(var page):
      let lines = page.lines(context(.ascii)).map(\.id)
      page.document.scroll(by: distance, lines: lines, height: layout.body.height)
      front = .page(page)
    }
  }
}
