/// A node, by what the services' instances on it answer.
package struct NodeHealth: Sendable, Equatable {
  package var node: String
  /// Instances that are watched there, and how many of them give no answer or say that they are down.
  package var instances: Int
  package var down: Int
  /// Of the one that is down for longest.
  package var since: Since?
  package var reason: String
  package var readAt: Timestamp?
  /// For how long it has done no work that its events would tell of, while nodes that do the same work did.
  package var silence: Duration?
  /// The last event that the node published, among the latest of all events; `nil` where there is none.
  package var lastEvent: Timestamp?

  package init(
    node: String, instances: Int, down: Int, since: Since? = nil, reason: String = "", readAt: Timestamp? = nil,
    lastEvent: Timestamp? = nil
  ) {
    self.node = node
    self.instances = instances
    self.down = down
    self.since = since
    self.reason = reason
    self.readAt = readAt
    self.lastEvent = lastEvent
  }

  /// Instances on it are watched, and some of them answer.
  package var answers: Bool { down < instances }

  package var isLost: Bool { instances > 0 && down == instances }

  /// Whether a client's id or host names it: `payment-service-node-3` names `node-3`, `node-31` does not.
  func isNamed(in text: String) -> Bool {
    guard !node.isEmpty, let range = text.firstRange(of: node) else { return false }
    let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
    let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
    return [before, after].allSatisfy { $0.map { !$0.isLetter && !$0.isNumber } ?? true }
  }
}
