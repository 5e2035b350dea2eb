import Core

/// Opening things, folding them, going back.
extension UIState {
  private static let maxPages = 20

  mutating func navigate(_ command: Command, content: Content, size: Size) {
    if isHelpOpen {
      isHelpOpen = false
    } else if !pages.isEmpty {
      navigateInPage(command, content, size)
    } else if command == .close {
      clear()
    } else if view == .events {
      if let row = selectedEvent(in: content) { open(.event(row)) }
    } else if view == .lag {
      openInLag(content)
    } else if view == .locks {
      if let lock = selectedLock(in: content) { open(.lock(lock.id)) }
    } else if view == .services {
      openService(content)
    } else if view == .nodes || view == .compensations {
      if let subject = openInHistory(content) { open(subject) }
    } else if view == .actions {
      if let record = selectedAction(in: content) { open(.action(record.id)) }
    } else if let saga = selectedSaga(in: content) {
      open(.saga(saga.handle, id: saga.id))
    }
  }

  private mutating func open(_ subject: Page.Subject) {
    guard pages.count < Self.maxPages else { return }
    pages.append(Page(subject))
  }

  /// From the line of an instance its service opens with that instance unfolded.
  private mutating func openService(_ content: Content) {
    guard let line = selectedService(in: content) else { return }
    open(.service(line.service.name))
    guard let place = line.place, !pages.isEmpty else { return }
    pages[pages.count - 1].document.unfolded.insert(.instance(place))
    pages[pages.count - 1].document.select(.instance(place))
  }

  /// A group has a page; a topic leads to the groups that read it.
  private mutating func openInLag(_ content: Content) {
    guard lag.showsTopics else {
      if let group = selectedGroup(in: content) { open(.group(group.name)) }
      return
    }
    guard frozenAt == nil, let topic = selectedTopic(in: content)?.topic,
      let filter = try? ListFilter(Filter.text("topic", topic), for: GroupRow.vocabulary)
    else { return }
    self.filter = filter
    lag.showsTopics = false
  }

  /// Esc in a list takes away one thing at a time.
  private mutating func clear() {
    if view.hasSagas, sagaList.isMarkingRange {
      sagaList.isMarkingRange = false
    } else if filter.isActive {
      if frozenAt == nil { filter = ListFilter() }
    } else if view.hasSagas {
      marks = []
    }
  }

  private mutating func navigateInPage(_ command: Command, _ content: Content, _ size: Size) {
    guard command != .close else { return pages = pages.dropLast() }
    let lines = lines(content, size)
    let ids = lines.compactMap(\.id)
    guard let index = pages[pages.count - 1].document.current(in: ids),
      let line = lines.first(where: { $0.id == ids[index] })
    else { return }
    if line.id == .saga, command != .fold { return openSaga(content) }
    if case .group(let name) = line.id, command != .fold { return open(.group(name)) }
    if case .relative(let handle) = line.id, command != .fold { return openRelative(handle, content) }
    if case .service(let name) = line.id, command != .fold { return open(.service(name)) }
    if case .cause(let place) = line.id, command != .fold { return openCause(place, content) }
    if case .action(let id) = line.id, command != .fold { return open(.action(id)) }
    switch (command, line.fold) {
    case (.open, .folded), (.unfold, .folded): unfold(line)
    case (.open, .unfolded), (.fold, .unfolded): fold(line)
    case (.fold, _): leave(ids[index])
    default: break
    }
  }

  /// To the causes of the saga's state: on its page, from any row that names it.
  mutating func explain(_ content: Content) {
    if !pages.isEmpty {
      openSaga(content)
    } else if view == .events {
      if let row = selectedEvent(in: content), let handle = row.saga { open(.saga(handle, id: row.sagaID ?? "")) }
    } else if view.hasSagas, let saga = selectedSaga(in: content) {
      open(.saga(saga.handle, id: saga.id))
    }
    guard case .saga = pages.last?.subject else { return }
    pages[pages.count - 1].document.select(.cause(0))
    pages[pages.count - 1].document.isRevealing = true
  }

  private mutating func openCause(_ place: Int, _ content: Content) {
    guard let causes = content.diagnosis?.causes, causes.indices.contains(place) else { return }
    switch causes[place].subject {
    case .service(let name): open(.service(name))
    case .group(let name): open(.group(name))
    case .lock(let key): open(.lock(key))
    case nil: break
    }
  }

  private mutating func openRelative(_ handle: SagaHandle, _ content: Content) {
    guard let saga = content.saga else { return }
    let row = ([saga.parent].compactMap { $0 } + saga.children).first { $0.handle == handle }
    if let row { open(.saga(handle, id: row.id)) }
  }

  private mutating func openSaga(_ content: Content) {
    switch pages.last?.subject {
    case .event(let row): if let handle = row.saga { open(.saga(handle, id: row.sagaID ?? "")) }
    case .action(let id): if let handle = content.actionSaga { open(.saga(handle, id: id.subject)) }
    case .lock: if let saga = content.lock?.row.saga { open(.saga(saga.handle, id: saga.id)) }
    default: break
    }
  }

  private mutating func unfold(_ line: PageLine) {
    pages[pages.count - 1].document.isRevealing = true
    switch line.id {
    case .event(let id): pages[pages.count - 1].document.expanded[id] = line.message ?? MessageRef.none
    case .partition, .instance: if let id = line.id { pages[pages.count - 1].document.unfolded.insert(id) }
    case .message: if let id = line.id { pages[pages.count - 1].document.folded.remove(id) }
    default: break
    }
  }

  private mutating func fold(_ line: PageLine) {
    switch line.id {
    case .event(let id): pages[pages.count - 1].document.expanded[id] = nil
    case .partition, .instance: if let id = line.id { pages[pages.count - 1].document.unfolded.remove(id) }
    case .message: if let id = line.id { pages[pages.count - 1].document.folded.insert(id) }
    default: break
    }
  }

  /// From a line of a message to its event, from what is told of an instance to its line; from anything else back.
  private mutating func leave(_ id: LineID) {
    if case .message(let event, _, _) = id, case .saga = pages.last?.subject {
      pages[pages.count - 1].document.select(.event(event))
    } else if case .detail(let place, _) = id {
      pages[pages.count - 1].document.select(.instance(place))
    } else {
      pages.removeLast()
    }
  }

  /// The lines of the page in front, as they are on a screen of `size`. Their glyphs do not matter here.
  func lines(_ content: Content, _ size: Size) -> [PageLine] {
    guard let page = pages.last else { return [] }
    return PageLines(page: page, content: content, columns: size.columns, glyphs: .ascii, localOffset: .zero).lines
  }
}
