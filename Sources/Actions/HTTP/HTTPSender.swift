import Clients
import Core
import Text

/// Sends a request to an API once. Used by one thread only.
struct HTTPSender {
  /// The only 5xx statuses that prove that nothing was done. With any other, the work may have been done before the error.
  private static let refusals: Set<Int> = [501, 503, 505, 511]
  /// Statuses below 500 with an unknown outcome: many servers redirect after the work is done, and a proxy returns 408 if its upstream
  /// server times out.
  private static let doubts: Set<Int> = [302, 303, 408]

  private let apis: [ActionAPI]
  private let tokens: TokenStore
  private let now: @Sendable () -> Timestamp
  private let mask: @Sendable (String) -> String
  /// User names and passwords as encoded in the request.
  private let credentials: [String]

  /// `mask` hides the configuration's secrets in a text.
  init(
    apis: [ActionAPI], tokens: TokenStore, now: @escaping @Sendable () -> Timestamp,
    mask: @escaping @Sendable (String) -> String
  ) {
    self.apis = apis
    self.tokens = tokens
    self.now = now
    self.mask = mask
    credentials = apis.map(\.access).compactMap { access in
      access.user.map { Base64.encoded(Array("\($0):\(access.password ?? "")".utf8)) }
    }
  }

  func send(_ call: PreparedRequest.HTTP, _ intent: borrowing DurableIntent) -> SendResult {
    let (key, timeout) = (intent.request.idempotencyKey, intent.request.timeout)
    let api = apis.first { $0.name == call.api } ?? ActionAPI(name: "", url: "")
    var headers = call.headers + [call.keyLine(key)]
    if !call.headers.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
      // A header without a value stops libcurl from adding the form content type.
      headers.append(call.body == nil ? "Content-Type:" : "Content-Type: application/json")
    }
    var request = HTTPExchange.Request(
      method: call.method, url: call.url, headers: headers, body: call.body, access: api.access, timeout: timeout)
    var rest: Duration?
    let outcome = sent(&request, to: api, rest: &rest)
    return SendResult(outcome: outcome, latency: .zero, retryAfter: rest)
  }

  /// A token that the server rejects is renewed once: status 401 proves that nothing was done.
  private func sent(
    _ request: inout HTTPExchange.Request, to api: ActionAPI, rest: inout Duration?
  ) -> ActionOutcome {
    let login = APILogin(api: api, timeout: request.timeout, exchange: HTTPExchange.run, mask: hidden)
    var refused: String?
    while true {
      if login.isNeeded {
        switch tokens.token(of: api.name, refused: refused, now: now(), login.ask) {
        case .success(let token): request.bearer = token
        case .failure(let failure): return .refused(status: nil, message: "not sent: \(hidden(failure.message))")
        }
      }
      let result = HTTPExchange.run(request)
      if case .answered(_, _, let time) = result { rest = time }
      if case .answered(401, _, _) = result, login.isNeeded, refused == nil {
        refused = request.bearer
        continue
      }
      return outcome(result)
    }
  }

  private func outcome(_ result: HTTPExchange.Result) -> ActionOutcome {
    switch result {
    case .notSent(let reason): return .refused(status: nil, message: "not sent: \(hidden(reason))")
    case .lost(let reason): return .unknown("no answer: \(hidden(reason))")
    case .answered(let status, let body, _):
      if (200..<300).contains(status) {
        let message = AnswerText.agreement(of: body, mask: hidden)
        return .accepted(message.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(message)")
      }
      let message = Self.remark(on: status) + AnswerText.message(of: body, mask: hidden)
      if isUnknown(status, message) { return .unknown("HTTP \(status): \(message)") }
      return .refused(status: status, message: message)
    }
  }

  /// A proxy (Envoy) returns 503 also if the connection was lost after it had forwarded the request.
  private func isUnknown(_ status: Int, _ message: String) -> Bool {
    if status == 503 { return message.contains("reset before headers") && !message.contains("connection failure") }
    return status < 200 || Self.doubts.contains(status) || status >= 500 && !Self.refusals.contains(status)
  }

  private static func remark(on status: Int) -> String {
    (300..<400).contains(status) ? "a redirect, not followed. " : ""
  }

  private func hidden(_ text: String) -> String {
    mask(tokens.mask(SecretText.masked(text, credentials)))
  }
}

/// Extracts a readable message from a server's response.
enum AnswerText {
  private static let longest = 300

  /// The message of a JSON body, else the start of its text. Control characters become spaces. Secrets are hidden before the text is
  /// shortened, because a partial secret is not found.
  static func message(of body: [UInt8], mask: (String) -> String) -> String {
    shortened(named(in: JSONNode(body)) ?? ByteText.text(body), mask: mask)
  }

  /// As `message`, for a successful response: empty if a JSON document has no message.
  static func agreement(of body: [UInt8], mask: (String) -> String) -> String {
    let node = JSONNode(body)
    if node?.members != nil, named(in: node) == nil { return "" }
    return message(of: body, mask: mask)
  }

  private static func named(in node: JSONNode?) -> String? {
    ["message", "error_description", "detail", "error", "reason", "title"].lazy.compactMap { name in
      node?[name]?.scalar ?? node?[name]?["message"]?.scalar ?? node?[name]?.elements?.first?.scalar
    }.first
  }

  /// At most 300 characters on one line.
  static func shortened(_ text: String, mask: (String) -> String) -> String {
    let clean = String(
      String.UnicodeScalarView(mask(text).unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    let words = clean.split(separator: " ").joined(separator: " ")
    return words.count > longest ? words.prefix(longest) + "…" : words
  }
}
