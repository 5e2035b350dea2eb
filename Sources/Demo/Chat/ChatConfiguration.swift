/// What the configuration of the chat has beside Kafka and Redis.
enum ChatConfiguration {
  static func text(server: String, services: [(name: String, port: UInt16)]) -> String {
    let urls = services.map { name, port in
      "      \(name)-service: {url: \"http://127.0.0.1:\(port)/health\", metrics: /metrics, interval: 1s}\n"
    }
    return "    http: {server: \"\(server)\"}\n    services:\n" + urls.joined()
  }
}
