/// Which Kafka the shop runs on.
enum BrokerChoice: Equatable {
  /// `noida-db` if it is there and runs, else the mock cluster.
  case auto
  /// The `noida-db` server as a child process.
  case noida
  /// librdkafka's mock cluster inside this process.
  case mock
  /// A broker that is already there, as HOST:PORT.
  case existing(String)

  init(_ text: String) throws(UsageError) {
    switch text {
    case "auto": self = .auto
    case "noida": self = .noida
    case "mock": self = .mock
    default:
      guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
        let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
      else { throw .unknown("broker", text, known: ["auto", "noida", "mock", "HOST:PORT"]) }
      self = .existing(text)
    }
  }
}
