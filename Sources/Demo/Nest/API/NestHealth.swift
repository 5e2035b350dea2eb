/// The API's documents about its own health.
struct NestHealth {
  private static let mostConnections = 20

  let context: NestContext
  let orchestrator: Orchestrator
  let redis: RedisConnection

  private var now: JSON { .string(Clock.text(Clock.epochMilliseconds())) }

  func brief() -> HTTPResponse {
    HTTPResponse(
      200,
      .members([
        "status": .string("ok"), "timestamp": now, "environment": .string("demo"),
        "database": .members(["connected": .bool(true), "name": .string("nest")]),
      ]))
  }

  func detailed() -> HTTPResponse {
    let isPaymentDown = context.isOn(.paymentDown)
    let redisAnswers = (try? redis.send(["PING"])) != nil
    let isHealthy = !isPaymentDown && redisAnswers
    return HTTPResponse(
      isHealthy ? 200 : 503,
      .members([
        "status": .string(isHealthy ? "ok" : "error"), "timestamp": now,
        "checks": .members([
          "database": Self.check(true), "redis": Self.check(redisAnswers), "payment": Self.check(!isPaymentDown),
        ]),
        "nodes": .object(context.nodes.map { JSON.Member(name: $0, value: Self.check(context.isRunning($0))) }),
      ]))
  }

  func pool() -> HTTPResponse {
    let active = min(1 + orchestrator.table.sagas.suffix(1000).count(where: \.isActive) / 4, Self.mostConnections)
    return HTTPResponse(
      200,
      .members([
        "status": .string("success"), "activeConnections": .integer(active),
        "maxConnections": .integer(Self.mostConnections), "isHealthy": .bool(true),
      ]))
  }

  private static func check(_ isUp: Bool) -> JSON { .members(["status": .string(isUp ? "up" : "down")]) }
}
