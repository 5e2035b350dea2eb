/// Which topics take the messages that a service could not handle, by how they are called.
package enum DeadLetterTopic {
  private static let words = ["dlq", "dlt", "deadletter", "deadletters"]

  /// `orders.dlq`, `orders-DLT`, `dead-letter-orders`, `orders_dead_letters`.
  package static func isName(_ name: String) -> Bool {
    let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    return parts.contains { words.contains($0) }
      || zip(parts, parts.dropFirst()).contains { words.contains($0 + $1) }
  }
}
