/// The health and metrics endpoints of the chat's gateway and services.
struct ChatAPI {
  static let services = [("user", "User Service"), ("friend", "Friend Service"), ("chat", "Chat Service")]
  /// Timeout of the gateway for a service, in milliseconds.
  private static let patience = 5000
  /// Delay of a hanging service's response in milliseconds: longer than any client timeout.
  private static let hang = 600_000

  let context: ChatContext
  let publisher: ChatPublisher
  let keys: UserKeys

  /// Handles a request to the gateway. `urls` are the health URLs of the services. The gateway has no metrics.
  func gateway(_ request: HTTPRequest, urls: [String: String], _ answer: @escaping HTTPServer.Answer) {
    switch request.path {
    case "/health":
      answer(HTTPResponse(200, .members(["status": .string("healthy"), "service": .string("API Gateway")])))
    case "/health/services":
      let wait = Self.services.contains { isHanging($0.0) } ? Self.patience : 0
      context.loop.after(milliseconds: wait) { answer(healthOfServices(urls)) }
    case "/health/circuits": answer(circuits)
    default: answer(HTTPResponse(404, .members(["detail": .string("Not Found")])))
    }
  }

  /// Handles a request to one service, on its own port.
  func service(_ name: String, _ title: String, _ request: HTTPRequest, _ answer: @escaping HTTPServer.Answer) {
    if isHanging(name) { return context.loop.after(milliseconds: Self.hang) { answer(nil) } }
    switch request.path {
    case "/health":
      if isDown(name) { return answer(nil) }
      answer(HTTPResponse(200, .members(["status": .string("healthy"), "service": .string(title)])))
    case "/metrics": answer(HTTPResponse(200, text: metrics(name), type: "text/plain; version=0.0.4"))
    default: answer(HTTPResponse(404, .members(["detail": .string("Not Found")])))
    }
  }

  private func isDown(_ name: String) -> Bool { name == "user" && context.isOn(.circuitOpen) }

  private func isHanging(_ name: String) -> Bool { name == "user" && context.isOn(.serviceHang) }

  private func healthOfServices(_ urls: [String: String]) -> HTTPResponse {
    let members = Self.services.map { name, _ in
      let error = isDown(name) ? "All connection attempts failed" : isHanging(name) ? "timeout" : nil
      var one: [JSON.Member] = [
        .init(name: "status", value: .string(error == nil ? "healthy" : "unreachable")),
        .init(name: "url", value: .optional(urls[name])),
      ]
      if let error { one.append(.init(name: "error", value: .string(error))) }
      return JSON.Member(name: name, value: .object(one))
    }
    let isHealthy = !Self.services.contains { isDown($0.0) || isHanging($0.0) }
    return HTTPResponse(
      isHealthy ? 200 : 503,
      .members(["gateway": .string(isHealthy ? "healthy" : "degraded"), "services": .object(members)]))
  }

  private var circuits: HTTPResponse {
    HTTPResponse(
      200,
      .object(
        Self.services.map { name, _ in
          let isOpen = isDown(name) || isHanging(name)
          return .init(
            name: "\(name)-service",
            value: .members([
              "state": .string(isOpen ? "open" : "closed"), "failure_count": .integer(isOpen ? 5 : 0),
              "retry_after": .number(isOpen ? "12.5" : "0.0"),
            ]))
        }))
  }

  /// Counters that grow with the number of published events.
  private func metrics(_ service: String) -> String {
    let (all, bad) = (publisher.count * 2, publisher.count / 20)
    let bounds = [("0.005", 0.2), ("0.01", 0.5), ("0.025", 0.8), ("0.05", 0.92), ("0.1", 0.97), ("0.5", 1.0)]
    let buckets = bounds.map { bound, share in
      "http_request_duration_seconds_bucket{handler=\"/friends\",le=\"\(bound)\"} \(Int(Double(all) * share))\n"
    }.joined()
    return """
      # HELP http_requests_total Total number of requests by method, status and handler.
      # TYPE http_requests_total counter
      http_requests_total{handler="/friends",method="POST",status="2xx"} \(all - bad)
      http_requests_total{handler="/friends",method="POST",status="5xx"} \(bad)
      # TYPE http_request_duration_seconds histogram
      \(buckets)http_request_duration_seconds_bucket{handler="/friends",le="+Inf"} \(all)
      http_request_duration_seconds_count{handler="/friends"} \(all)
      http_request_duration_seconds_sum{handler="/friends"} \(Double(all) * 0.012)
      # TYPE online_users_count gauge
      online_users_count{service="\(service)"} \(keys.online)

      """
  }
}
