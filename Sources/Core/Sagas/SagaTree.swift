/// Which sagas are parts of which: the slots of children by the id that they give for their parent.
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
