/// What librdkafka logs when a broker cannot be reached, without what means nothing to an operator.
package enum BrokerLogMessage {
  /// `nil` for a line that complains about nothing. A line is `[thrd:NAME]: CLIENT: HOST:PORT/BROKER: TEXT (after 3ms in state …)`, where
  /// the thread and the client may be missing.
  package static func text(_ line: String, client: String) -> String? {
    guard ["fail", "error", "refused", "timed out"].contains(where: { line.lowercased().contains($0) }) else {
      return nil
    }
    var text = Substring(line)
    if text.hasPrefix("["), let end = text.firstRange(of: "]: ") { text = text[end.upperBound...] }
    for prefix in [client, "GroupCoordinator"] where text.hasPrefix(prefix) {
      if let end = text.firstRange(of: ": ") { text = text[end.upperBound...] }
    }
    if let end = text.firstRange(of: " (after ") { text = text[..<end.lowerBound] }
    return String(text).replacing("/bootstrap: ", with: ": ", maxReplacements: 1).replacing("ipv4#", with: "")
      .replacing("ipv6#", with: "")
  }
}
