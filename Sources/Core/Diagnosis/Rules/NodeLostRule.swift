import Text

/// The node with the saga's work no longer responds, or no longer works.
enum NodeLostRule {
  /// Maximum time between a node's last event and its loss.
  private static let quiet = Duration.seconds(3)

  static func causes(_ situation: Situation) -> [Cause] {
    // If no node responds, the cause is not a single node.
    let isAnotherUp = situation.nodes.contains(where: \.answers)
    return situation.nodes.compactMap { node in
      if node.isLost { return isAnotherUp ? cause(node, situation) : nil }
      return node.silence.flatMap { silent(node, for: $0, situation) }
    }
  }

  /// Based on events only: a node without work looks the same.
  private static func silent(_ node: NodeHealth, for silence: Duration, _ situation: Situation) -> Cause? {
    guard let (strength, link) = link(node, situation) else { return nil }
    let quiet = Evidence("no work of it for \(Quantity.age(silence)) while its peers work", source: "events")
    var cause = Cause(
      .nodeLost, "\(node.node) has fallen silent", [quiet, link], strength: strength - 20,
      suggestion: "see whether \(node.node) still runs, and who has its partitions", subject: .node(node.node))
    if node.answers {
      cause.weaken(
        by: 20,
        situation.contradiction(
          "yet \(node.instances - node.down) of \(node.instances) instances on it answer", source: "services",
          readAt: node.readAt))
    }
    return cause
  }

  private static func cause(_ node: NodeHealth, _ situation: Situation) -> Cause? {
    guard let (strength, link) = link(node, situation) else { return nil }
    let since = node.since.map { " for \($0.isAtLeast ? "at least " : "")\(Quantity.age(situation.now - $0.time))" }
    let count = node.instances == 1 ? "its instance gives" : "all \(node.instances) instances on it give"
    var evidence = [
      situation.evidence("\(count) no answer\(since ?? ""): \(node.reason)", source: "services", readAt: node.readAt),
      link,
    ]
    if let last = node.lastEvent {
      evidence.append(Evidence("its last event is \(Quantity.age(situation.now - last)) old", source: "events"))
    }
    return Cause(
      .nodeLost, "\(node.node) is lost", evidence, strength: strength,
      suggestion: "bring \(node.node) back, or see that its partitions move to the others", subject: .node(node.node))
  }

  /// The relation between the saga and the node, and its strength; `nil` if there is none.
  private static func link(_ node: NodeHealth, _ situation: Situation) -> (Int, Evidence)? {
    situation.isActive ? present(node, situation) : past(node, situation)
  }

  private static func present(_ node: NodeHealth, _ situation: Situation) -> (Int, Evidence)? {
    guard situation.isInputRead != true || situation.focus?.node == node.node else { return nil }
    if let partition = situation.group?.partition,
      [partition.clientID, partition.host].contains(where: { $0.map(node.isNamed) ?? false })
    {
      let place = "\(partition.topic)/\(partition.partition)"
      return (
        96,
        situation.evidence(
          "\(place), where the saga's message lies, is assigned to it", source: "lag",
          readAt: situation.group?.readAt)
      )
    }
    if let step = situation.focus, step.status == .running || step.status == .compensating, step.node == node.node {
      return (94, Evidence("it began \(step.name)", source: "events"))
    }
    if hasBegunAround(node, situation) {
      return (60, Evidence("it fell silent while the saga waited for \(situation.stepName)", source: "events"))
    }
    return nil
  }

  private static func past(_ node: NodeHealth, _ situation: Situation) -> (Int, Evidence)? {
    guard situation.trouble == .slow, hasBegunAround(node, situation) else { return nil }
    return (85, Evidence("it fell silent while the saga waited for \(situation.stepName)", source: "events"))
  }

  /// The node was lost during the step.
  private static func hasBegunAround(_ node: NodeHealth, _ situation: Situation) -> Bool {
    guard let start = situation.focusStart else { return false }
    let exact = node.since.flatMap { $0.isAtLeast ? nil : $0.time }
    guard let lost = exact ?? node.lastEvent else { return false }
    return lost >= start - quiet && lost <= (situation.focusEnd ?? situation.now)
  }
}
