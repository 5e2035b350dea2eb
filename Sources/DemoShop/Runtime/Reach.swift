/// How to reach the parts of an open shop, for people.
enum Reach {
  static func text(of shop: Shop) -> String {
    let endpoints = shop.health.map { "  \($0.origin.name)  \($0.server.url)\n" }.joined()
    return """
      The shop is open.
        kafka  \(shop.broker.bootstrap)  (\(shop.broker.description))
        redis  127.0.0.1:\(shop.redis.port)
      \(endpoints)  configuration  \(shop.configuration)
      Watch it with: SAGATOP_CONFIG=\(shop.configuration) sagatop

      """
  }
}
