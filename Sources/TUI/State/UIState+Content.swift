import Core

/// What the state needs to be read, and what it takes over from what was read.
extension UIState {
  /// `previous` is what is shown now; what is drawn around the lists depends on it.
  package func request(size: Size, previous: Content) -> ContentRequest {
    let layout = ScreenLayout(size: size, state: self, content: previous)
    var request = ContentRequest()
    // Of everything there is in the way of sagas, these sums say whether there is nothing yet.
    request.overview = true
    request.intent = dialog?.runningIntent
    if let page = pages.last {
      ask(for: page, &request)
    } else {
      askForList(height: layout.listHeight, &request)
    }
    return request
  }

  private func ask(for page: Page, _ request: inout ContentRequest) {
    switch page.subject {
    case .saga(let handle, _): request.saga = handle
    case .group(let name): request.group = name
    case .lock(let key): request.lock = key
    case .service(let name): request.service = name
    case .action(let id): request.action = id
    case .event: break
    }
    request.messages = Array(page.document.expanded.values)
  }

  private func askForList(height: Int, _ request: inout ContentRequest) {
    switch view {
    case .overview, .sagas:
      request.sagas = sagaList.query(height: height)
      request.explained = ContentRequest.Explained(
        cursor: sagaList.cursor.id, position: sagaList.cursor.position, worst: view == .overview ? SagasScreen.worst : 0
      )
      guard view == .overview else { break }
      request.compensations = CompensationQuery(limit: 0)
      request.failures = FailureQuery(limit: 1)
    case .events:
      let window = events.cursor.window(height: height)
      request.events = ContentRequest.EventsRequest(
        query: EventQuery(filter: events.filter.filter, offset: window.offset, limit: window.limit),
        following: events.cursor.id, received: events.received, matching: events.matching)
    case .lag:
      request.groups = lag.groupQuery(height: height)
      request.topics = lag.topicQuery(height: height)
    case .locks: request.locks = locks.query(height: height)
    case .services: request.services = services.query(height: height)
    case .nodes where nodes.showsMembers: request.members = nodes.memberQuery(height: height)
    case .nodes: request.nodes = nodes.query(height: height)
    case .compensations where compensations.showsPatterns:
      request.failures = compensations.patternQuery(height: height)
    case .compensations: request.compensations = compensations.query(height: height)
    case .actions: request.actions = actions.query(height: height)
    }
  }

  /// Puts the cursors where their things now are. To be called with every content before it is drawn.
  package mutating func settle(_ content: Content, size: Size, now: Timestamp) {
    expire(now: now)
    let layout = ScreenLayout(size: size, state: self, content: content)
    if isHelpOpen { helpTop = min(helpTop, HelpScreen.maxTop(scope: baseScope, keys: keys, layout: layout)) }
    if !pages.isEmpty {
      pages[pages.count - 1].document.settle(lines: lines(content, size).map(\.id), height: layout.body.height)
    } else {
      moveInList(.settle, content)
    }
    guard pages.isEmpty, view == .events else { return }
    events.received = content.events.received
    events.matching = content.events.matching
  }
}
