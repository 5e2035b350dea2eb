/// Parent and child sagas: the slots of children by the id of their parent.
struct SagaTree {
  private var children: [String: Set<Int32>] = [:]

  mutating func enter(_ slot: Int32, parent: String) { children[parent, default: []].insert(slot) }

  mutating func leave(_ slot: Int32, parent: String?) {
    guard let parent else { return }
    children[parent]?.remove(slot)
    if children[parent]?.isEmpty ?? false { children[parent] = nil }
  }

  func children(of id: String) -> Set<Int32> { children[id] ?? [] }
}

/// Parent and child sagas.
extension StoreState {
  /// `nil` also if the saga names itself as its parent.
  func parentID(of saga: Saga) -> String? {
    saga.parent.flatMap { parent in saga.keys.contains { $0.value == parent } ? nil : parent }
  }

  /// `nil` if it is unknown or no longer retained.
  mutating func parentRow(of saga: Saga) -> SagaRow? {
    parentID(of: saga).flatMap { sagas.find(id: $0, type: nil).first }.flatMap { sagas[$0] }.map { row($0) }
  }

  /// The first `limit` children of a saga in order of their start, and the total number.
  mutating func children(of saga: Saga, limit: Int) -> (rows: [SagaRow], count: Int) {
    let found = saga.keys.reduce(into: Set<Int32>()) { $0.formUnion(sagas.family.children(of: $1.value)) }
    let parts = found.subtracting([saga.handle.slot]).compactMap { sagas[slot: $0] }.sorted {
      ($0.summary.startedAt, $0.handle.slot) < ($1.summary.startedAt, $1.handle.slot)
    }
    return (parts.prefix(limit).map { row($0) }, parts.count)
  }
}
