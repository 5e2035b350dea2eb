/// The configuration with which sagatop watches the shop.
enum ShopConfiguration {
  /// Writes it and returns its path.
  static func write(
    for servers: Servers, services: [HealthEndpoint], zipkin: String, registry: String?
  ) throws(SystemFailure) -> String {
    let urls = Service.allCases.map { service in
      let instances = services.filter { $0.origin.service == service }.map {
        "          - {url: \($0.url), node: \($0.origin.node)}\n"
      }
      return "      \(service.rawValue):\n        interval: 1s\n        instances:\n" + instances.joined()
    }.joined()
    let schemas = registry.map { "    schemaRegistry: {url: \($0)}\n" } ?? ""
    let traces = "    traces: {zipkin: \"\(zipkin)\"}\n"
    return try servers.write(
      configuration: servers.context(preset: "spring") + schemas + actions + traces + "    services:\n" + urls)
  }

  /// The preset has retry and compensate.
  private static let actions = "    actions:\n      release-lock: {redis: release}\n"
}
