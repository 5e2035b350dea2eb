import Core

/// Typing at the foot of the screen, and what is done with it.
extension UIState {
  private static let historyLength = 100

  mutating func find(_ command: Command, now: Timestamp, content: Content, size: Size) {
    switch (command, pages.last) {
    case (.filter, nil):
      guard !refusesWhileFrozen(now: now) else { return }
      prompt = Prompt(.filter, text: filter.text, original: filter)
    case (.filter, let page?):
      prompt = Prompt(.search, text: page.document.search)
    case (_, nil):
      move(command == .nextMatch ? .down : .up, now: now, content: content, size: size)
    default:
      searchOn(command == .nextMatch ? 1 : -1, now: now, content: content, size: size)
    }
  }

  /// To the next line of the page that holds the text that was searched for, over the end to the beginning.
  private mutating func searchOn(_ direction: Int, now: Timestamp, content: Content, size: Size) {
    guard let document = pages.last?.document, !document.search.isEmpty else {
      return say("nothing is searched for: press / first", isError: true, now: now)
    }
    let lines = lines(content, size).filter { $0.id != nil }
    guard !lines.isEmpty else { return }
    let start = document.current(in: lines.compactMap(\.id)) ?? 0
    let needle = document.search.lowercased()
    for step in 1...lines.count {
      let index = ((start + direction * step) % lines.count + lines.count) % lines.count
      if lines[index].line.text.lowercased().contains(needle), let id = lines[index].id {
        return pages[pages.count - 1].document.select(id)
      }
    }
    say("not found: \(document.search)", isError: true, now: now)
  }

  mutating func typed(_ key: Key, now: Timestamp, content: Content, size: Size) -> Intent? {
    guard var prompt else { return nil }
    let lines = history[prompt.kind] ?? []
    switch key {
    case .enter:
      return accept(prompt, now: now, content: content, size: size)
    case .escape, .control("c"):
      cancel(prompt)
      return nil
    case .backspace where prompt.editor.isEmpty:
      cancel(prompt)
      return nil
    case .up, .control("p"): prompt.recall(by: 1, from: lines)
    case .down, .control("n"): prompt.recall(by: -1, from: lines)
    default: guard prompt.editor.apply(key) else { return nil }
    }
    prompt.error = nil
    self.prompt = prompt
    if prompt.kind == .filter { preview(prompt.editor.text) }
    return nil
  }

  /// The list follows the filter while it is typed; until it can be understood the last one that could holds.
  private mutating func preview(_ text: String) {
    do throws(FilterError) {
      filter = try ListFilter(text)
    } catch {
      prompt?.error = error.message
    }
  }

  private mutating func cancel(_ prompt: Prompt) {
    if prompt.kind == .filter { filter = prompt.original }
    self.prompt = nil
  }

  private mutating func accept(_ prompt: Prompt, now: Timestamp, content: Content, size: Size) -> Intent? {
    let text = prompt.editor.text
    remember(text, prompt.kind)
    self.prompt = nil
    switch prompt.kind {
    case .filter:
      apply(filter: text, now: now)
    case .search:
      guard !pages.isEmpty else { return nil }
      pages[pages.count - 1].document.search = text
      if !text.isEmpty { searchOn(1, now: now, content: content, size: size) }
    case .command:
      return command(text, now: now, content: content, size: size)
    }
    return nil
  }

  private mutating func remember(_ text: String, _ kind: Prompt.Kind) {
    guard !text.isEmpty, history[kind]?.last != text else { return }
    history[kind, default: []].append(text)
    if history[kind, default: []].count > Self.historyLength { history[kind, default: []].removeFirst() }
  }

  private mutating func apply(filter text: String, now: Timestamp) {
    do throws(FilterError) {
      filter = try ListFilter(text)
    } catch {
      say("filter: \(error.message)", isError: true, now: now)
    }
  }

  private mutating func command(_ text: String, now: Timestamp, content: Content, size: Size) -> Intent? {
    do throws(TypedCommand.Misunderstood) {
      switch try TypedCommand(parsing: text) {
      case .nothing: break
      case .show(let view): show(view)
      case .filter(let text): filterBy(text, now: now)
      case .sort(let order): sort(by: order, now: now)
      case .sortGroups(let order): sortGroups(by: order, now: now)
      case .sortLocks(let order): sortLocks(by: order, now: now)
      case .sortHistory(let order): sortOnlyHistory(by: order, now: now)
      case .sortServices(let order): sortServices(by: order, now: now)
      case .act(let action, let reason): return act(action, reason: reason, now: now, content: content)
      case .seek(let text): return .replay(.seek(text))
      case .speed(let text): return .replay(.speed(text))
      case .run(.quit): return .quit
      case .run(let command): return run(command, now: now, content: content, size: size)
      }
    } catch {
      say(error.message, isError: true, now: now)
    }
    return nil
  }

  private mutating func filterBy(_ text: String, now: Timestamp) {
    guard !refusesWhileFrozen(now: now) else { return }
    pages = []
    apply(filter: text, now: now)
  }

  private mutating func sort(by order: SagaOrder, now: Timestamp) {
    if view == .locks, let same = LockOrder(rawValue: order.rawValue) { return sortLocks(by: same, now: now) }
    guard !refusesWhileFrozen(now: now) else { return }
    pages = []
    if sortHistory(by: order.rawValue) { return }
    if view == .lag, let same = GroupOrder(rawValue: order.rawValue) { return sortGroups(by: same, now: now) }
    if view == .services, let same = ServiceOrder(rawValue: order.rawValue) { return sortServices(by: same, now: now) }
    if !view.hasSagas { view = .sagas }
    sagaList.order = order
  }

  private mutating func sortGroups(by order: GroupOrder, now: Timestamp) {
    if view == .locks, let same = LockOrder(rawValue: order.rawValue) { return sortLocks(by: same, now: now) }
    if view == .services, let same = ServiceOrder(rawValue: order.rawValue) { return sortServices(by: same, now: now) }
    guard !refusesWhileFrozen(now: now) else { return }
    if sortHistory(by: order.rawValue) { return pages = [] }
    show(.lag)
    lag.showsTopics = false
    lag.order = order
  }

  /// In the view in front, else in the one that knows the order.
  private mutating func sortOnlyHistory(by order: String, now: Timestamp) {
    guard !refusesWhileFrozen(now: now) else { return }
    pages = []
    if sortHistory(by: order) { return }
    if NodeOrder(rawValue: order) != nil {
      show(.nodes)
      nodes.showsMembers = false
    } else {
      show(.compensations)
      compensations.showsPatterns = CompensationOrder(rawValue: order) == nil
    }
    _ = sortHistory(by: order)
  }

  private mutating func sortLocks(by order: LockOrder, now: Timestamp) {
    guard !refusesWhileFrozen(now: now) else { return }
    show(.locks)
    locks.order = order
  }

  private mutating func sortServices(by order: ServiceOrder, now: Timestamp) {
    guard !refusesWhileFrozen(now: now) else { return }
    if sortHistory(by: order.rawValue) { return pages = [] }
    show(.services)
    services.order = order
  }
}

extension LineEditor {
  /// Whether the key means something to a line of text.
  mutating func apply(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(character)
    case .pasted(let text): for character in text { insert(character.isNewline ? " " : character) }
    case .backspace: deleteBackward()
    case .delete: deleteForward()
    case .left, .control("b"): move(by: -1)
    case .right, .control("f"): move(by: 1)
    case .home, .control("a"): moveToStart()
    case .end, .control("e"): moveToEnd()
    case .control("u"): deleteToStart()
    case .control("w"): deleteWord()
    default: return false
    }
    return true
  }
}
