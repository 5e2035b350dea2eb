/// Windows of lists of sagas.
extension StoreState {
  /// How many sagas one view looks at where it must look at each: keeps the lock short with any number of sagas.
  static let examinedAtMost = 20_000

  mutating func sagas(_ query: SagaQuery, now: Timestamp) -> SagaListView {
    let slots =
      query.order == .trouble && !query.isReversed && query.filter.matchesAll && query.following == nil
      ? troubleWindow(query) : orderedWindow(query, now: now)
    var view = slots.view
    view.rows = slots.window.compactMap { sagas[slot: $0] }.map { row($0) }
    return view
  }

  /// The first rows in the order in which the lists hold them: no saga outside the window is touched.
  private func troubleWindow(_ query: SagaQuery) -> (window: [Int32], view: SagaListView) {
    var window: [Int32] = []
    var position = 0
    let offset = max(0, min(query.offset, sagas.count - query.limit))
    sagas.lists.walk { slot in
      if position >= offset, window.count < query.limit { window.append(slot) }
      position += 1
      return window.count < query.limit
    }
    return (window, SagaListView(offset: offset, matching: sagas.count, examined: sagas.count, total: sagas.count))
  }

  /// Until everything that was there has been read, sagas stand as their messages happened to arrive, topic by topic and
  /// partition by partition.
  mutating func orderListsByTime() {
    for saga in sagas.slots.compactMap({ $0 }).sorted(by: { $0.summary.listedSince < $1.summary.listedSince }) {
      sagas.lists.remove(saga.handle.slot)
      sagas.lists.move(saga.handle.slot, to: SagaBucket(saga.summary))
    }
  }

  private func orderedWindow(_ query: SagaQuery, now: Timestamp) -> (window: [Int32], view: SagaListView) {
    var matching: [Int32] = []
    var examined = 0
    sagas.lists.walk { slot in
      examined += 1
      if let saga = sagas[slot: slot], query.filter.matchesAll || query.filter.matches(saga, in: self, now: now) {
        matching.append(slot)
      }
      return examined < Self.examinedAtMost
    }
    sort(&matching, by: query.order)
    if query.isReversed { matching.reverse() }
    let offset = windowStart(query, in: matching)
    let view = SagaListView(offset: offset, matching: matching.count, examined: examined, total: sagas.count)
    return (Array(matching[offset..<min(offset + max(0, query.limit), matching.count)]), view)
  }

  private func windowStart(_ query: SagaQuery, in matching: [Int32]) -> Int {
    var start = query.offset
    if let handle = query.following, sagas[handle] != nil, let place = matching.firstIndex(of: handle.slot) {
      start = place < start ? place : max(start, place - query.limit + 1)
    }
    return max(0, min(start, matching.count - query.limit))
  }

  private func sort(_ slots: inout [Int32], by order: SagaQuery.Order) {
    switch order {
    case .trouble: break
    case .updated: sort(&slots, newestFirst: true) { $0.summary.updatedAt }
    case .started: sort(&slots, newestFirst: true) { $0.summary.startedAt }
    case .age: sort(&slots, newestFirst: false) { $0.summary.startedAt }
    case .id: sort(&slots) { $0.keys.first.map { IDOrder($0.value) } ?? IDOrder("") }
    case .type: sort(&slots) { sagas.definitions[$0.definition].definition.type }
    case .status: sort(&slots) { SagaBucket($0.summary).rawValue }
    case .step: sort(&slots) { symbols.text($0.summary.step) }
    case .node: sort(&slots) { symbols.text($0.summary.node) }
    }
  }

  /// Ties keep the order of trouble.
  private func sort(_ slots: inout [Int32], newestFirst: Bool = false, by key: (Saga) -> some Comparable) {
    let keyed = slots.enumerated().compactMap { place, slot in
      sagas[slot: slot].map { (key: key($0), place: place, slot: slot) }
    }
    slots = keyed.sorted {
      if $0.key == $1.key { return $0.place < $1.place }
      return newestFirst ? $0.key > $1.key : $0.key < $1.key
    }.map(\.slot)
  }
}

extension SagaSummary {
  /// When it came into the list it stands in.
  fileprivate var listedSince: Timestamp { endedAt ?? (status == .running ? startedAt : progressAt) }
}
