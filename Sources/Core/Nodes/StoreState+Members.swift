/// The members of consumer groups: who reads what, and who stands in for nodes that no event names.
extension StoreState {
  /// Group by group, each by client id.
  func members(_ query: NodeQuery) -> MemberListView {
    let all = lag.groups.values.sorted { $0.name < $1.name }.flatMap { group in
      lag.members(of: group).map { member in
        MemberRow(
          group: group.name, clientID: member.clientID, host: member.host, partitions: member.partitions,
          lag: member.lag)
      }.sorted { ($0.clientID, $0.host) < ($1.clientID, $1.host) }
    }
    let matching = all.filter { query.filter.matchesAll || query.filter.matches($0) }
    let followed = query.following.flatMap { id in matching.firstIndex { $0.id == id } }
    let offset = ListPlace.start(query.offset, limit: query.limit, count: matching.count, followed: followed)
    return MemberListView(
      rows: Array(matching.dropFirst(offset).prefix(max(0, query.limit))), offset: offset, matching: matching.count,
      total: all.count)
  }

  /// One row per client and host, whatever groups it is in.
  func memberNodes(_ query: NodeQuery) -> NodeListView {
    var nodes: [String: NodeRow] = [:]
    for group in lag.groups.values.sorted(by: { $0.name < $1.name }) {
      for member in lag.members(of: group) {
        let name = "\(member.clientID) \(member.host)"
        var row = nodes[name] ?? NodeRow(node: name, verdict: .unknown, reason: "no event names a node")
        if row.groups.last != group.name { row.groups.append(group.name) }
        row.partitions = (row.partitions ?? 0) + member.partitions
        nodes[name] = row
      }
    }
    let matching = nodes.values.filter { query.filter.matchesAll || query.filter.matches($0) }
      .sorted { $0.node < $1.node }
    let followed = query.following.flatMap { name in matching.firstIndex { $0.node == name } }
    let offset = ListPlace.start(query.offset, limit: query.limit, count: matching.count, followed: followed)
    return NodeListView(
      naming: .members, rows: Array(matching.dropFirst(offset).prefix(max(0, query.limit))), offset: offset,
      matching: matching.count, total: nodes.count, counts: nodes.isEmpty ? [:] : [.unknown: nodes.count],
      unnamed: self.nodes.unnamed)
  }
}
