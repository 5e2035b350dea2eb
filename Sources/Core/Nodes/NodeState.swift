/// The work of each node in the retained sagas, updated by the fold. Added work can be removed again, so the sums depend only on the set
/// of events.
struct NodeState: Sendable {
  /// Above this number, further nodes are counted together as a node without a name.
  static let mostNodes = 1000

  private var list: [(node: Symbol, record: NodeRecord)] = []
  /// Index of each node in the list, by symbol number; negative if it has none.
  private var places: [Int32] = []
  /// Number of work items without a node, or with a node above the limit.
  private(set) var unnamed = 0

  /// The version in the latest event of each node.
  private var versions: [Symbol: (version: Symbol, time: Timestamp)] = [:]

  var isEmpty: Bool { list.isEmpty }

  var records: [Symbol: NodeRecord] {
    Dictionary(list.map { ($0.node, $0.record) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(node: Symbol) -> NodeRecord? { place(of: node).map { list[$0].record } }

  func version(of node: Symbol) -> Symbol { versions[node]?.version ?? .none }

  mutating func note(_ version: Symbol, of node: Symbol, at time: Timestamp) {
    guard !version.isNone, !node.isNone else { return }
    if let known = versions[node] {
      guard time >= known.time else { return }
    } else if versions.count >= Self.mostNodes {
      return
    }
    versions[node] = (version, time)
  }

  /// Updates the sums after the works of a saga changed from `old` to `new`. Returns the length of their common prefix.
  @discardableResult
  mutating func change(from old: [NodeWork], to new: [NodeWork]) -> Int {
    var same = 0
    while same < old.count, same < new.count, old[same] == new[same] { same += 1 }
    if same == old.count, same == new.count { return same }
    for place in same..<old.count { count(old[place], -1) { $0.takeBack(old[place]) } }
    for place in same..<new.count { count(new[place], 1) { $0.add(new[place]) } }
    noteSagas(from: old, to: new, same: same)
    return same
  }

  /// Removes the works of a saga that is no longer retained.
  mutating func forget(_ works: [NodeWork]) {
    for work in works { count(work, -1) { $0.leave(work) } }
    noteSagas(from: works, to: [], same: 0)
  }

  /// `same` is the length of the common prefix of both.
  private mutating func noteSagas(from old: [NodeWork], to new: [NodeWork], same: Int) {
    for index in same..<new.count where !Self.names(new[index].node, in: new[..<index]) {
      guard !Self.names(new[index].node, in: old[...]), let place = place(of: new[index].node) else { continue }
      list[place].record.noteSaga(1)
    }
    for index in same..<old.count where !Self.names(old[index].node, in: old[..<index]) {
      guard !Self.names(old[index].node, in: new[...]), let place = place(of: old[index].node) else { continue }
      list[place].record.noteSaga(-1)
      if list[place].record.isEmpty { remove(at: place) }
    }
  }

  private static func names(_ node: Symbol, in works: ArraySlice<NodeWork>) -> Bool {
    works.contains { $0.node == node }
  }

  private mutating func count(_ work: NodeWork, _ amount: Int, _ change: (inout NodeRecord) -> Void) {
    guard let place = place(of: work.node) ?? (amount > 0 ? make(work.node) : nil) else {
      unnamed = max(0, unnamed + amount)
      return
    }
    change(&list[place].record)
  }

  private func place(of node: Symbol) -> Int? {
    guard !node.isNone, Int(node.number) < places.count, places[Int(node.number)] >= 0 else { return nil }
    return Int(places[Int(node.number)])
  }

  /// `nil` if there are too many nodes.
  private mutating func make(_ node: Symbol) -> Int? {
    guard !node.isNone, list.count < Self.mostNodes else { return nil }
    let number = Int(node.number)
    if number >= places.count { places += Array(repeating: -1, count: number + 1 - places.count) }
    places[number] = Int32(list.count)
    list.append((node, NodeRecord()))
    return list.count - 1
  }

  private mutating func remove(at place: Int) {
    places[Int(list[place].node.number)] = -1
    let last = list.removeLast()
    guard place < list.count else { return }
    list[place] = last
    places[Int(last.node.number)] = Int32(place)
  }
}
