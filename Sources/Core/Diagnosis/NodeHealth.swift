/// The health of a node, from the responses of the service instances on it.
package struct NodeHealth: Sendable, Equatable {
  package var node: String
  /// Number of watched instances on it, and of those without a response or with the state down.
  package var instances: Int
  package var down: Int
  /// Of the instance that has been down for the longest time.
  package var since: Since?
  package var reason: String
  package var readAt: Timestamp?
  /// Time without work in its events while nodes with the same work continued; `nil` if it is not silent.
  package var silence: Duration?
  /// The node's last event among the latest events; `nil` if there is none.
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

  /// At least one instance on it responds.
  package var answers: Bool { down < instances }

  package var isLost: Bool { instances > 0 && down == instances }

  /// Whether a client's id or host contains the name: `payment-service-node-3` contains `node-3`, `node-31` does not.
  func isNamed(in text: String) -> Bool {
    guard !node.isEmpty, let range = text.firstRange(of: node) else { return false }
    let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
    let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
    return [before, after].allSatisfy { $0.map { !$0.isLetter && !$0.isNumber } ?? true }
  }
}
