import Core

/// Asks a server to do something, once. Belongs to one thread.
struct HTTPSender {
  /// The work may have been done before the answer went wrong; of other refusals the server says that it was not.
  private static let unknownStatuses: Set<Int> = [500, 502, 504]

  let apis: [ActionAPI]
  let tokens: TokenStore
  let now: @Sendable () -> Timestamp

  func send(_ call: PreparedRequest.HTTP, key: String, timeout: Duration) -> ActionAnswer {
    let api = apis.first { $0.name == call.api } ?? ActionAPI(name: "", url: "")
    var headers = call.headers + ["\(PreparedRequest.keyHeader): \(key)"]
    if call.body != nil, !call.headers.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
      headers.append("Content-Type: application/json")
    }
    var request = HTTPExchange.Request(
      method: call.method, url: call.url, headers: headers, body: call.body, access: api.access, timeout: timeout)
    let outcome = sent(&request, to: api)
    return ActionAnswer(outcome: outcome, latency: .zero)
  }

  /// A token that the server does not take any more is renewed once: with 401 it has done nothing.
  private func sent(_ request: inout HTTPExchange.Request, to api: ActionAPI) -> ActionOutcome {
    let login = APILogin(api: api, timeout: request.timeout, exchange: HTTPExchange.run)
    var refused: String?
    while true {
      if login.isNeeded {
        switch tokens.token(of: api.name, refused: refused, now: now(), login.ask) {
        case .success(let token): request.bearer = token
        case .failure(let failure): return .refused(status: nil, message: "not sent: \(tokens.mask(failure.message))")
        }
      }
      let result = HTTPExchange.run(request)
      if case .answered(401, _) = result, login.isNeeded, refused == nil {
        refused = request.bearer
        continue
      }
      return outcome(result)
    }
  }

  private func outcome(_ result: HTTPExchange.Result) -> ActionOutcome {
    switch result {
    case .notSent(let reason): return .refused(status: nil, message: "not sent: \(tokens.mask(reason))")
    case .lost(let reason): return .unknown("no answer: \(tokens.mask(reason))")
    case .answered(let status, let body):
      let message = tokens.mask(AnswerText.message(of: body))
      if (200..<300).contains(status) {
        return .accepted(message.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(message)")
      }
      if Self.unknownStatuses.contains(status) { return .unknown("HTTP \(status): \(message)") }
      return .refused(status: status, message: message)
    }
  }
}
