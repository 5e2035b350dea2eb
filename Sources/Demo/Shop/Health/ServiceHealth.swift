/// The response of a service to `GET /actuator/health`, in the format of Spring Boot Actuator.
struct ServiceHealth {
  struct Circuit {
    let name: String
    let breaker: CircuitBreaker
  }

  /// Why the database is unavailable; `nil` if it is available.
  var databaseError: String?
  var redisVersion: String?
  var circuits: [Circuit] = []

  /// 200, or 503 when the service is down.
  var httpStatus: UInt32 { databaseError == nil ? 200 : 503 }

  var body: JSON {
    var components = [JSON.Member(name: "db", value: database)]
    if !circuits.isEmpty { components.append(JSON.Member(name: "circuitBreakers", value: circuitBreakers)) }
    components.append(JSON.Member(name: "ping", value: Self.component("UP")))
    if let redisVersion {
      components.append(
        JSON.Member(name: "redis", value: Self.component("UP", ["version": .string(redisVersion)])))
    }
    return .members(["status": .string(databaseError == nil ? "UP" : "DOWN"), "components": .object(components)])
  }

  private var database: JSON {
    guard let databaseError else {
      return Self.component("UP", ["database": .string("MySQL"), "validationQuery": .string("isValid()")])
    }
    return Self.component("DOWN", ["error": .string(databaseError)])
  }

  /// As in Resilience4j, an open circuit does not set the service to DOWN.
  private var circuitBreakers: JSON {
    let isOneUp = circuits.contains { $0.breaker.state == .closed }
    return .members([
      "status": .string(isOneUp ? "UP" : "UNKNOWN"),
      "details": .object(circuits.map { JSON.Member(name: $0.name, value: Self.circuit($0.breaker)) }),
    ])
  }

  private static func circuit(_ breaker: CircuitBreaker) -> JSON {
    let status =
      switch breaker.state {
      case .closed: "UP"
      case .open: "CIRCUIT_OPEN"
      case .halfOpen: "CIRCUIT_HALF_OPEN"
      }
    return component(
      status,
      [
        "failureRate": .string(percent(breaker.failureRate ?? -1)),
        "failureRateThreshold": .string(percent(CircuitBreaker.threshold)), "slowCallRate": .string("0.0%"),
        "slowCallRateThreshold": .string("100.0%"), "bufferedCalls": .integer(breaker.bufferedCalls),
        "slowCalls": .integer(0), "failedCalls": .integer(breaker.failedCalls),
        "notPermittedCalls": .integer(breaker.notPermittedCalls), "state": .string(breaker.state.rawValue),
      ])
  }

  private static func component(_ status: String, _ details: KeyValuePairs<String, JSON>? = nil) -> JSON {
    guard let details else { return .members(["status": .string(status)]) }
    return .members(["status": .string(status), "details": .members(details)])
  }

  private static func percent(_ value: Double) -> String { "\((value * 10).rounded() / 10)%" }
}

/// An instance and its health endpoint.
final class HealthEndpoint {
  static let path = "/actuator/health"

  let origin: Origin
  private let server: HTTPServer

  var url: String { "http://127.0.0.1:\(server.port)\(Self.path)" }

  /// `report` is called for each request. If it returns `nil`, the connection is closed without a response.
  init(
    origin: Origin, listener: LoopbackSocket.Listener, loop: EventLoop, report: @escaping () -> ServiceHealth?
  ) throws(SystemFailure) {
    self.origin = origin
    server = try HTTPServer(listener: listener, loop: loop) { request, answer in
      guard request.path == Self.path, request.method == "GET" || request.method == "HEAD" else {
        let missing: KeyValuePairs<String, JSON> = [
          "status": .integer(404), "error": .string("Not Found"), "path": .string(request.path),
        ]
        return answer(HTTPResponse(404, .members(missing), type: Self.mediaType))
      }
      answer(report().map { HTTPResponse($0.httpStatus, $0.body, type: Self.mediaType) })
    }
  }

  private static let mediaType = "application/vnd.spring-boot.actuator.v3+json"
}
