/// An instance and where its health is told.
final class HealthEndpoint {
  static let path = "/actuator/health"

  let origin: Origin
  private let server: HTTPServer

  var url: String { "http://127.0.0.1:\(server.port)\(Self.path)" }

  /// `report` is asked at every request, which gets no answer where it gives nothing.
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
