/// Windows of lists of sagas.
extension StoreState {
  /// Maximum number of sagas read for a view that must read all, so that the lock is held only briefly. A query with a larger limit reads
  /// more.
  static let examinedAtMost = 20_000

  mutating func sagas(_ query: SagaQuery, now: Timestamp) -> SagaList {
    let window = query.isPlain ? plainWindow(query) : orderedWindow(query, now: now)
    let rows = window.rows.compactMap { sagas[slot: $0] }.map { row($0) }
    return SagaList(
      rows, offset: window.offset, matching: window.matching, examined: window.examined, total: window.total)
  }

  /// The sagas of a window, without their rows.
  func handles(_ query: SagaQuery, now: Timestamp) -> [SagaHandle] {
    let window = query.isPlain ? plainWindow(query) : orderedWindow(query, now: now)
    return window.rows.compactMap { sagas[slot: $0]?.handle }
  }

  /// The first rows in the stored order of the lists; sagas outside the window are not read.
  private func plainWindow(_ query: SagaQuery) -> ListWindow<Int32> {
    var window: [Int32] = []
    var position = 0
    let offset = ListPlace.start(query.offset, limit: query.limit, count: sagas.count, followed: nil)
    sagas.lists.walk { slot in
      if position >= offset, window.count < query.limit { window.append(slot) }
      position += 1
      return window.count < query.limit
    }
    return ListWindow(window, offset: offset, matching: sagas.count)
  }

  /// Sorts the lists by time. While the existing data is being read, sagas are in the order in which their messages arrived, by topic and
  /// partition.
  mutating func orderListsByTime() {
    for saga in sagas.slots.compactMap({ $0 }).sorted(by: { $0.summary.listedSince < $1.summary.listedSince }) {
      sagas.lists.remove(saga.handle.slot)
      sagas.lists.move(saga.handle.slot, to: SagaBucket(saga.summary))
      sagas.troubles.remove(saga.handle.slot)
      sagas.troubles.update(saga)
    }
  }

  private func orderedWindow(_ query: SagaQuery, now: Timestamp) -> ListWindow<Int32> {
    var matching: [Int32] = []
    var examined = 0
    let most = max(Self.examinedAtMost, query.limit)
    let names = SagaNames(self)
    sagas.lists.walk { slot in
      examined += 1
      if let saga = sagas[slot: slot], matches(query.filter, saga, names, now: now) { matching.append(slot) }
      return examined < most
    }
    let (rows, start) = window(matching, query)
    return ListWindow(
      rows, offset: start, matching: matching.count,
      // A saga that has just arrived is not in a list yet.
      examined: examined, total: examined < most ? examined : sagas.count)
  }

  /// The rows of the window and its start. Rows outside the window are not sorted.
  private func window(_ matching: [Int32], _ query: SagaQuery) -> (rows: [Int32], start: Int) {
    let place = query.following.flatMap { sagas[$0]?.handle.slot }.flatMap(matching.firstIndex)
    let order = key(query.order).map { KeyOrder(matching.map($0), isReversed: query.isReversed) }
    let listed = query.isReversed && order == nil ? matching.reversed() : matching
    let followed = place.map { place in
      order?.rank(of: place) ?? (query.isReversed ? matching.count - 1 - place : place)
    }
    let start = ListPlace.start(query.offset, limit: query.limit, count: matching.count, followed: followed)
    // The query's limit may be `Int.max`.
    let (end, overflow) = start.addingReportingOverflow(query.limit)
    let rows = order?.first(overflow ? matching.count : end).map { matching[$0] } ?? listed
    return (Array(rows.dropFirst(start).prefix(query.limit)), start)
  }

  func matches(_ filter: Filter, _ saga: Saga, _ names: SagaNames, now: Timestamp) -> Bool {
    filter.matchesAll || filter.matches(SagaCandidate(saga: saga, names: names), now: now)
  }

  /// `nil` for the stored order of the lists.
  private func key(_ order: SagaOrder) -> ((Int32) -> SortKey)? {
    switch order {
    case .severity: nil
    case .updated: key { .latest($0.summary.updatedAt) }
    case .started: key { .latest($0.summary.startedAt) }
    case .age: key { .earliest($0.summary.startedAt) }
    case .id: key { .id($0.id) }
    case .type: key { .text(sagas.definitions[$0.definition].definition.type) }
    case .status: key { .number(-Int(SagaBucket($0.summary).rawValue)) }
    case .step: key { .text(symbols.name($0.summary.step)) }
    case .node: key { .text(symbols.name($0.summary.node)) }
    }
  }

  private func key(_ key: @escaping (Saga) -> SortKey) -> ((Int32) -> SortKey)? {
    { slot in sagas[slot: slot].map(key) ?? .text(nil) }
  }
}

extension SagaSummary {
  /// When it entered its list.
  fileprivate var listedSince: Timestamp { endedAt ?? (status == .running ? startedAt : progressAt ?? startedAt) }
}
