import Glibc

/// The configuration with which sagatop watches the shop.
enum DemoConfiguration {
  /// Writes it into `directory` and returns its path.
  static func write(
    bootstrap: String, redisPort: UInt16, services: [Shop.HealthEndpoint], in directory: String
  ) throws(SystemFailure) -> String {
    let path = directory + "/config.yaml"
    let file = Descriptor(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
    guard file.number >= 0, Output.write(text(bootstrap, redisPort, services), to: file.number) else {
      throw .last("writing \(path)")
    }
    return path
  }

  private static func text(_ bootstrap: String, _ redisPort: UInt16, _ services: [Shop.HealthEndpoint]) -> String {
    let urls = Service.allCases.map { service in
      let instances = services.filter { $0.origin.service == service }.map {
        "          - {url: \($0.server.url), node: \($0.origin.node)}\n"
      }
      return "      \(service.rawValue):\n        interval: 1s\n        instances:\n" + instances.joined()
    }.joined()
    return """
      currentContext: demo
      contexts:
        demo:
          preset: spring
          kafka:
            brokers: \(bootstrap)
          redis:
            servers: redis://127.0.0.1:\(redisPort)
          # The preset has retry and compensate.
          actions:
            release-lock: {redis: release}
          services:
      \(urls)
      """
  }
}
