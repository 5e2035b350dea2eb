/// The configuration with which sagatop watches the lab: over HTTP, and by its jobs' logs.
enum LabConfiguration {
  static func text(server: String, services: [(name: String, url: String)], logs: [String: String]) -> String {
    let urls = services.map { "      \($0.name): {url: \"\($0.url)\", interval: 1s}\n" }.joined()
    let commands = logs.sorted { $0.key < $1.key }.map { name, path in
      "      \(name): {run: [tail, -n, \"+1\", -F, \"\(path)\"]}\n"
    }.joined()
    return """
      currentContext: demo
      contexts:
        demo:
          preset: lab-mesh
          http: {server: "\(server)"}
          apis: {orchestrator: "\(server)", event-store: "\(server)"}
          services:
      \(urls)
        native:
          preset: lab-native
          http: {server: "\(server)"}
          commands:
      \(commands)

      """
  }
}
