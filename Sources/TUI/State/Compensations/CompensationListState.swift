import Core

/// How the lists of roll-backs and of failure patterns are looked at.
package struct CompensationListState: Sendable, Equatable {
  /// Narrows both lists.
  package var filter = ListFilter()
  package var order = CompensationOrder.severity
  package var isReversed = false
  package var cursor = ListCursor<SagaHandle>()
  package var patternOrder = FailureOrder.count
  package var isPatternReversed = false
  package var patterns = ListCursor<FailurePatternID>()
  /// The failure patterns are in front, not the roll-backs.
  package var showsPatterns = false

  package init() {}

  func query(height: Int) -> CompensationQuery {
    let window = cursor.window(height: height)
    return CompensationQuery(
      filter: filter.filter, order: order, isReversed: isReversed, offset: window.offset, limit: window.limit,
      following: cursor.id)
  }

  func patternQuery(height: Int) -> FailureQuery {
    let window = patterns.window(height: height)
    return FailureQuery(
      filter: filter.filter, order: patternOrder, isReversed: isPatternReversed, offset: window.offset,
      limit: window.limit, following: patterns.id)
  }

  /// By which column the list in front is sorted.
  mutating func sort(_ command: Command) {
    let distance = command == .sortNext ? 1 : -1
    switch (showsPatterns, command) {
    case (false, .reverse): isReversed.toggle()
    case (true, .reverse): isPatternReversed.toggle()
    case (false, _): order = order.next(by: distance)
    case (true, _): patternOrder = patternOrder.next(by: distance)
    }
  }

  var sortedBy: String {
    showsPatterns
      ? patternOrder.rawValue + (isPatternReversed ? ", reversed" : "")
      : order.rawValue + (isReversed ? ", reversed" : "")
  }
}

extension CaseIterable where Self: Equatable {
  /// As `<` and `>` step through them.
  func next(by distance: Int) -> Self {
    let all = Array(Self.allCases)
    guard let place = all.firstIndex(of: self) else { return self }
    return all[(((place + distance) % all.count) + all.count) % all.count]
  }
}
