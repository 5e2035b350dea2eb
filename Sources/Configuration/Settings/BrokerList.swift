/// Parses Kafka broker addresses: `host:9092,other:9092`; `[::1]:9092`; without a port, Kafka's default port is used.
package enum BrokerList {
  package struct Invalid: Error, Equatable {
    package var message: String
  }

  /// The addresses without surrounding spaces.
  package static func parse(_ text: String) throws(Invalid) -> [String] {
    var brokers: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let broker = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      guard isAddress(broker) else {
        let found = broker.contains("@") ? ", without user and password" : Secrets.found(broker)
        throw Invalid(message: "expected addresses such as host:9092, separated by commas\(found)")
      }
      brokers.append(broker)
    }
    return brokers
  }

  private static func isAddress(_ text: String) -> Bool {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else { return false }
    let host: Substring
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return false }
      host = text[...end]
    } else {
      host = text.prefix { $0 != ":" }
    }
    let rest = text[host.endIndex...]
    guard !host.isEmpty, rest.isEmpty || rest.hasPrefix(":") else { return false }
    let port = rest.dropFirst()
    return rest.isEmpty || port.allSatisfy(\.isNumber) && Int(port).map { (1...65_535).contains($0) } ?? false
  }
}
