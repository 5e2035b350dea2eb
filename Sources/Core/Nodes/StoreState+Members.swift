/// The members of consumer groups: who reads what, and who stands in for nodes that no event names.
extension StoreState {
  /// Group by group, each by client id.
  func members(_ query: MemberQuery) -> MemberList {
    let all = lag.groups.values.sorted { $0.name < $1.name }.flatMap { group in
      lag.members(of: group).map { member in
        MemberRow(
          group: group.name, clientID: member.clientID, host: member.host, partitions: member.partitions,
          lag: member.lag)
      }.sorted { ($0.clientID, $0.host) < ($1.clientID, $1.host) }
    }
    return query.window(of: all) { query.filter.matches($0) }
  }

  /// One row per client and host, whatever groups it is in.
  func memberNodes(_ query: NodeQuery) -> NodeList {
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
    return NodeList(
      query.window(of: matching, total: nodes.count, id: \.node), naming: .members,
      counts: nodes.isEmpty ? [:] : [.unknown: nodes.count], unnamed: self.nodes.unnamed)
  }
}
