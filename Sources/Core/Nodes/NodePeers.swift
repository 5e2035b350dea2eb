/// Nodes that do the same work: two nodes are peers when some step was done by both, or by peers of both.
struct NodePeers {
  /// Per set of peers its nodes.
  private(set) var groups: [[Symbol]] = []
  private(set) var groupOf: [Symbol: Int] = [:]

  init(_ records: [Symbol: NodeRecord]) {
    var nodes: [Symbol: [Symbol]] = [:]
    for (node, record) in records {
      for step in record.steps.counts.keys { nodes[step, default: []].append(node) }
    }
    for node in records.keys where groupOf[node] == nil {
      let number = groups.count
      var group: [Symbol] = []
      var waiting = [node]
      groupOf[node] = number
      while let next = waiting.popLast() {
        group.append(next)
        for step in records[next]?.steps.counts.keys.map({ $0 }) ?? [] {
          for peer in nodes.removeValue(forKey: step) ?? [] where groupOf[peer] == nil {
            groupOf[peer] = number
            waiting.append(peer)
          }
        }
      }
      groups.append(group)
    }
  }
}
