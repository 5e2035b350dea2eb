/// Turns librdkafka's log lines about unreachable brokers into messages for operators.
package enum BrokerLogMessage {
  /// `nil` if the line reports no problem. A line is `[thrd:NAME]: CLIENT: HOST:PORT/BROKER: TEXT (after 3ms in state …)`, where the
  /// thread and the client may be missing.
  package static func text(_ line: String, client: String) -> String? {
    let signs = ["fail", "error", "refused", "timed out", "might be caused by", "might require"]
    guard signs.contains(where: { line.lowercased().contains($0) }) else { return nil }
    var text = Substring(line)
    if text.hasPrefix("["), let end = text.firstRange(of: "]: ") { text = text[end.upperBound...] }
    for prefix in [client, "GroupCoordinator"] where text.hasPrefix(prefix) {
      if let end = text.firstRange(of: ": ") { text = text[end.upperBound...] }
    }
    if let end = text.firstRange(of: " (after ") { text = text[..<end.lowerBound] }
    let clean = String(text).replacing("/bootstrap: ", with: ": ", maxReplacements: 1).replacing("ipv4#", with: "")
      .replacing("ipv6#", with: "")
    return explained(clean)
  }

  /// Whether the message reports that the broker's certificate is not trusted, for any reason.
  static func isUntrusted(_ text: String) -> Bool { text.contains(untrusted) }

  private static let untrusted = "its certificate is not trusted"

  /// Messages with advice for operators, selected by a substring of librdkafka's text. `%` is replaced with that text.
  private static let explanations: [(sign: String, sentence: String)] = [
    (
      "certificate verify failed",
      untrusted + ": set `ssl.ca.location` to the file of the authority that signed it, or have it renewed"
    ),
    (
      "alert certificate required",
      "it wants a client certificate: set `ssl.certificate.location` and `ssl.key.location`"
    ),
    ("alert handshake failure", "TLS cannot be agreed: it may want a client certificate (`ssl.certificate.location`)"),
    ("alert certificate expired", "it does not take the client certificate, which has expired"),
    ("alert unknown ca", "it does not take the client certificate: its authority is not one that the broker trusts"),
    ("alert bad certificate", "it does not take the client certificate of `ssl.certificate.location`"),
    (
      "connecting to a SSL listener?",
      "it closed the connection at once: where it wants TLS, set `security.protocol` to ssl or sasl_ssl"
    ),
    // "HTTP": the first four bytes of an HTTP response, read as a length.
    ("Invalid response size 1213486160 ", "an HTTP server answers there, and no broker: is the port right?"),
    ("connecting to a PLAINTEXT broker listener?", plaintext), ("unexpected eof while reading", plaintext),
    ("wrong version number", plaintext),
    (
      "might require SASL authentication",
      "it closed the connection: where it wants SASL, set `security.protocol` to sasl_plaintext or sasl_ssl, and `sasl.mechanism`"
    ),
    ("Unsupported SASL mechanism", "%; set `sasl.mechanism` to one that it has"),
    ("no token available", "%; see `sasl.oauthbearer.…`"),
    ("SASL authentication error: {", "it does not take the token: %"),
    ("invalid_token", "it does not take the token: are `token.endpoint.url` and `scope` those of this cluster?"),
    ("SASL authentication error", "%; check `sasl.username`, `sasl.password` and `sasl.mechanism`"),
  ]
  private static let plaintext = "it does not speak TLS there: set `security.protocol` to plaintext or sasl_plaintext"

  /// The broker's address stays at the start of the text.
  private static func explained(_ text: String) -> String {
    guard let found = explanations.first(where: { text.contains($0.sign) }), let end = text.firstRange(of: ": ")
    else { return text }
    let words = text[end.upperBound...]
    return text[..<end.upperBound] + found.sentence.replacing("%", with: words)
  }
}
