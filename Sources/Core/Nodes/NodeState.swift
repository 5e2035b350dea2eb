/// What each node did in the retained sagas, kept up by the fold. What is added can be taken out again, so that the sums are those of
/// the set of events.
struct NodeState: Sendable {
  /// More nodes than this count together, as the node without a name.
  static let mostNodes = 1000

  private(set) var records: [Symbol: NodeRecord] = [:]
  /// Pieces of work that no event names a node for, or that are of nodes beyond the bound.
  private(set) var unnamed = 0

  /// Per node the version that its latest event told.
  private var versions: [Symbol: (version: Symbol, time: Timestamp)] = [:]

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

  /// Brings the sums up to date with a saga whose works were `old` and are `new`.
  mutating func change(from old: [NodeWork], to new: [NodeWork]) {
    let same = zip(old, new).prefix { $0 == $1 }.count
    for work in old[same...] { count(work, -1) { $0.takeBack(work) } }
    for work in new[same...] { count(work, 1) { $0.add(work) } }
    noteSagas(from: old, to: new)
  }

  /// The saga is not retained any more.
  mutating func forget(_ works: [NodeWork]) {
    for work in works { count(work, -1) { $0.leave(work) } }
    noteSagas(from: works, to: [])
  }

  private mutating func noteSagas(from old: [NodeWork], to new: [NodeWork]) {
    for (index, work) in new.enumerated() where !Self.names(work.node, in: new[..<index]) {
      if !Self.names(work.node, in: old[...]) { records[work.node]?.noteSaga(1) }
    }
    for (index, work) in old.enumerated() where !Self.names(work.node, in: old[..<index]) {
      guard !Self.names(work.node, in: new[...]) else { continue }
      records[work.node]?.noteSaga(-1)
      if records[work.node]?.isEmpty == true { records[work.node] = nil }
    }
  }

  private static func names(_ node: Symbol, in works: ArraySlice<NodeWork>) -> Bool {
    works.contains { $0.node == node }
  }

  private mutating func count(_ work: NodeWork, _ amount: Int, _ change: (inout NodeRecord) -> Void) {
    guard !work.node.isNone, records[work.node] != nil || (amount > 0 && records.count < Self.mostNodes) else {
      unnamed = max(0, unnamed + amount)
      return
    }
    change(&records[work.node, default: NodeRecord()])
  }
}
