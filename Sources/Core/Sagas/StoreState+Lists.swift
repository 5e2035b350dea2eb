/// Windows of lists of sagas.
extension StoreState {
  /// How many sagas one view looks at where it must look at each: keeps the lock short with any number of sagas. Who asks
  /// for more rows has more looked at.
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

  /// The first rows in the order in which the lists hold them: no saga outside the window is touched.
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

  /// Until everything that was there has been read, sagas stand as their messages happened to arrive, topic by topic and
  /// partition by partition.
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
    matching = matching.sorted(isReversed: query.isReversed, by: key(query.order))
    let followed = query.following.flatMap { sagas[$0]?.handle.slot }
    let start = ListPlace.start(
      query.offset, limit: query.limit, count: matching.count, followed: followed.flatMap(matching.firstIndex))
    return ListWindow(
      Array(matching.dropFirst(start).prefix(query.limit)), offset: start, matching: matching.count,
      // A saga that has just come stands in no list yet.
      examined: examined, total: examined < most ? examined : sagas.count)
  }

  func matches(_ filter: Filter, _ saga: Saga, _ names: SagaNames, now: Timestamp) -> Bool {
    filter.matchesAll || filter.matches(SagaCandidate(saga: saga, names: names), now: now)
  }

  /// `nil` for the order in which the lists hold them.
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
  /// When it came into the list it stands in.
  fileprivate var listedSince: Timestamp { endedAt ?? (status == .running ? startedAt : progressAt ?? startedAt) }
}
