import Text

/// The group deals out its partitions anew and reads nothing meanwhile.
enum GroupRebalancingRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, let group = situation.group else { return [] }
    let isUnsettled = group.row.state == .preparingRebalance || group.row.state == .completingRebalance
    guard isUnsettled || group.row.rebalancing != nil else { return [] }
    let since = group.row.rebalancing?.since
    let lasted = since.map { situation.now - $0 } ?? .zero
    var text =
      since == nil ? "its state is \(group.row.state?.rawValue ?? "not stable")" : "for \(Quantity.age(lasted))"
    if let changes = group.row.rebalancing?.changes, changes > 0 { text += ", its members changed \(changes) times" }
    var cause = Cause(
      .groupRebalancing, "group \(group.row.name) is rebalancing",
      [situation.evidence(text, source: "lag", readAt: group.readAt)], strength: lasted > .seconds(10) ? 75 : 55,
      suggestion: "if it does not settle, look for a member that joins and leaves", subject: .group(group.row.name),
      effect: "\(group.row.name) is rebalancing")
    if situation.isInputRead == true { cause.weaken(by: 40, Evidence.read(group)) }
    return [cause]
  }
}
