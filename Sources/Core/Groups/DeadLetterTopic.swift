/// Which topics take the messages that a service could not handle, by how they are called.
package enum DeadLetterTopic {
  private static let words = ["dlq", "dlt", "deadletter", "deadletters"]

  /// `orders.dlq`, `orders-DLT`, `dead-letter-orders`, `orders_dead_letters`.
  package static func isName(_ name: String) -> Bool {
    let parts = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    return parts.contains { words.contains($0) }
      || zip(parts, parts.dropFirst()).contains { words.contains($0 + $1) }
  }

  /// `orders` of `orders.dlq`; `nil` when nothing is left, or there was no mark.
  package static func origin(of topic: String) -> String? {
    let marks = [
      "dead-letters", "dead-letter", "dead_letters", "dead_letter", "deadletters", "deadletter", "dlq", "dlt",
    ]
    let lowered = topic.lowercased()
    guard lowered.utf8.count == topic.utf8.count else { return nil }
    for mark in marks {
      for separator in [".", "-", "_"] {
        if lowered.hasSuffix(separator + mark) { return String(topic.dropLast(mark.count + 1)) }
        if lowered.hasPrefix(mark + separator) { return String(topic.dropFirst(mark.count + 1)) }
      }
    }
    return nil
  }

  /// `orders` of `orders-retry-0`, where a message waits to be tried again; `nil` of any other.
  package static func retried(_ topic: String) -> String? {
    var parts = topic.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count > 2, parts[parts.count - 1].allSatisfy(\.isNumber), !parts[parts.count - 1].isEmpty {
      parts.removeLast()
    }
    guard parts.count > 1, parts.removeLast().lowercased() == "retry" else { return nil }
    return parts.joined(separator: "-")
  }
}
