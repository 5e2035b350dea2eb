import Core

/// What keys do. Pure: the same state, key, time and content give the same result.
extension UIState {
  /// `content` is what was shown when the key came, on a screen of `size`.
  package mutating func update(
    _ key: Key, now: Timestamp, content: Content, size: Size, keys: KeyTable = .standard
  ) -> Intent? {
    if dialog != nil { return answer(key, keys: keys) }
    if prompt != nil { return typed(key, now: now, content: content, size: size) }
    notice = nil
    if case .pasted = key {
      say("pasted text is not taken for keys; it can be pasted into / and :", isError: true, now: now)
      return nil
    }
    if case .mouse(let mouse, let x, let y) = key {
      pointed(mouse, x: x, y: y, content: content, size: size)
      return nil
    }
    guard let command = keys.command(for: key, in: scope) else { return nil }
    return run(command, now: now, content: content, size: size)
  }

  /// What is in front.
  package var scope: KeyTable.Scope {
    isHelpOpen ? .help : baseScope
  }

  /// What is in front but for the help, which speaks of it.
  package var baseScope: KeyTable.Scope {
    if !pages.isEmpty { return .page }
    switch view {
    case .overview, .sagas: return .sagas
    case .events: return .events
    case .lag: return lag.showsTopics ? .topics : .groups
    case .locks: return .locks
    case .services: return .services
    case .nodes: return nodes.showsMembers ? .members : .nodes
    case .compensations: return compensations.showsPatterns ? .patterns : .compensations
    case .actions: return .actions
    }
  }

  mutating func run(_ command: Command, now: Timestamp, content: Content, size: Size) -> Intent? {
    switch command {
    case .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .first, .last:
      move(command, now: now, content: content, size: size)
    case .open, .unfold, .fold, .close:
      navigate(command, content: content, size: size)
    case .filter, .nextMatch, .previousMatch:
      find(command, now: now, content: content, size: size)
    case .sortPrevious, .sortNext, .reverse:
      sort(command, now: now)
    case .mark, .markRange, .unmark:
      mark(command, now: now, content: content)
    case .freeze:
      frozenAt = frozenAt == nil ? content.header.now : nil
    case .why: explain(content)
    case .copy:
      return copy(content: content, now: now)
    case .nextView, .previousView, .showOverview, .showSagas, .showEvents, .showLag, .showLocks, .showServices,
      .showNodes, .showCompensations, .showActions:
      show(command.shownView ?? view.next(by: command == .nextView ? 1 : -1))
    case .retry, .compensate, .giveUp, .redrive, .evict:
      return command.action.flatMap { act($0, now: now, content: content) }
    case .leaveUnsent:
      guard let record = selectedAction(in: content) else { return nil }
      say("what of this plan is not sent yet is left", now: now)
      return .cancelActions(intent: record.intent)
    case .topics: showTopics()
    case .members, .patterns: showOtherList(command)
    case .pausePlay: return .replay(.pause)
    case .stepOn: return .replay(.step)
    case .faster: return .replay(.faster)
    case .slower: return .replay(.slower)
    case .seekBack: return .replay(.seek("-10s"))
    case .seekForward: return .replay(.seek("+10s"))
    case .command:
      prompt = Prompt(.command)
    case .help:
      isHelpOpen.toggle()
      helpTop = 0
    case .theme: return .nextTheme
    case .mouse: return .toggleMouse
    case .redraw: return .redraw
    case .suspend: return .suspend
    case .quit: return quit()
    }
    return nil
  }

  mutating func show(_ view: ViewID) {
    self.view = view
    pages = []
    isHelpOpen = false
  }

  private mutating func showTopics() {
    lag.showsTopics = view != .lag || !lag.showsTopics
    show(.lag)
  }

  /// Back from whatever lies in front; quits where nothing does.
  private mutating func quit() -> Intent? {
    if isHelpOpen {
      isHelpOpen = false
    } else if !pages.isEmpty {
      pages.removeLast()
    } else {
      return .quit
    }
    return nil
  }

  private mutating func sort(_ command: Command, now: Timestamp) {
    guard !refusesWhileFrozen(now: now) else { return }
    let order: String
    switch view {
    case .lag: order = Self.sorted(&lag, command)
    case .locks: order = Self.sorted(&locks, command)
    case .services: order = Self.sorted(&services, command)
    case .overview, .sagas, .events, .actions: order = Self.sorted(&sagaList, command)
    case .nodes, .compensations: return sortHistory(command, now: now)
    }
    say("sorted by \(order)", now: now)
  }

  private static func sorted(_ list: inout some OrderedList, _ command: Command) -> String {
    list.sort(command)
    return list.orderText
  }

  /// A picture that stands still holds no other rows than those it has.
  mutating func refusesWhileFrozen(now: Timestamp) -> Bool {
    guard frozenAt != nil else { return false }
    say("frozen: press z to go on first", isError: true, now: now)
    return true
  }

  private mutating func copy(content: Content, now: Timestamp) -> Intent? {
    guard let id = selectedID(in: content) else { return nil }
    say("copied \(id)", now: now)
    return .copy(id)
  }

  /// The id that `y` copies.
  package func selectedID(in content: Content) -> String? {
    switch pages.last?.subject {
    case .saga(_, let id): return content.saga?.row.id ?? id
    case .event(let row): return row.sagaID ?? "\(row.topic)/\(row.partition)/\(row.offset)"
    case .group(let name), .service(let name): return name
    case .lock(let key): return key.key
    case .action(let id): return id.subject
    case nil: break
    }
    if view == .lag { return selectedInLag(in: content) }
    if view == .locks { return selectedLock(in: content)?.id.key }
    if view == .services { return selectedService(in: content)?.service.name }
    if view == .nodes || view == .compensations { return selectedInHistory(content) }
    if view == .actions { return selectedAction(in: content)?.subject }
    if view == .events {
      guard let row = selectedEvent(in: content) else { return nil }
      return row.sagaID ?? "\(row.topic)/\(row.partition)/\(row.offset)"
    }
    return selectedSaga(in: content)?.id
  }

  private func selectedInLag(in content: Content) -> String? {
    lag.showsTopics ? selectedTopic(in: content)?.topic : selectedGroup(in: content)?.name
  }

  package func selectedGroup(in content: Content) -> GroupRow? {
    let index = lag.groups.position - content.groups.offset
    return content.groups.rows.indices.contains(index) ? content.groups.rows[index] : nil
  }

  package func selectedTopic(in content: Content) -> TopicRow? {
    let index = lag.topics.position - content.topics.offset
    return content.topics.rows.indices.contains(index) ? content.topics.rows[index] : nil
  }

  package func selectedLock(in content: Content) -> LockRow? {
    let index = locks.cursor.position - content.locks.offset
    return content.locks.rows.indices.contains(index) ? content.locks.rows[index] : nil
  }

  package func selectedService(in content: Content) -> ServiceLine? {
    let index = services.cursor.position - content.services.offset
    return content.services.rows.indices.contains(index) ? content.services.rows[index] : nil
  }

  package func selectedAction(in content: Content) -> ActionRecord? {
    let index = actions.cursor.position - content.actions.offset
    return content.actions.rows.indices.contains(index) ? content.actions.rows[index] : nil
  }

  package func selectedSaga(in content: Content) -> SagaRow? {
    let index = sagaList.cursor.position - content.sagas.offset
    return content.sagas.rows.indices.contains(index) ? content.sagas.rows[index] : nil
  }

  package func selectedEvent(in content: Content) -> EventRow? {
    let index = events.cursor.position - content.events.offset
    return content.events.rows.indices.contains(index) ? content.events.rows[index] : nil
  }
}
