import Core

/// What the state needs to be read, and what it takes over from what was read.
extension UIState {
  /// `previous` is what is shown now; what is drawn around the lists depends on it.
  package func request(size: Size, previous: Content) -> ContentRequest {
    let layout = ScreenLayout(size: size, state: self, content: previous)
    var request = ContentRequest()
    // Of everything there is in the way of sagas, these sums say whether there is nothing yet.
    request.overview = true
    if let page = pages.last {
      if case .saga(let handle, _) = page.subject { request.saga = handle }
      request.messages = Array(page.document.expanded.values)
    } else if view == .events {
      let window = events.cursor.window(height: layout.listHeight)
      request.events = ContentRequest.EventsRequest(
        query: EventQuery(filter: events.filter.filter, offset: window.offset, limit: window.limit),
        following: events.cursor.id, received: events.received, matching: events.matching)
    } else {
      request.sagas = sagaList.query(height: layout.listHeight)
    }
    return request
  }

  /// Puts the cursors where their things now are. To be called with every content before it is drawn.
  package mutating func settle(_ content: Content, size: Size, now: Timestamp) {
    expire(now: now)
    let layout = ScreenLayout(size: size, state: self, content: content)
    if isHelpOpen { helpTop = min(helpTop, HelpScreen.maxTop(scope: baseScope, layout: layout)) }
    if !pages.isEmpty {
      pages[pages.count - 1].document.settle(lines: lines(content, size).map(\.id), height: layout.body.height)
    } else if view == .events {
      let list = content.events
      events.cursor.settle(ids: list.ids, offset: list.offset, count: list.matching)
      events.received = list.received
      events.matching = list.matching
    } else {
      let list = content.sagas
      sagaList.cursor.settle(ids: list.ids, offset: list.offset, count: list.matching)
    }
  }
}
