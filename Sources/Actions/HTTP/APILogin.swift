import Clients
import Core
import Synchronization
import Text

/// Obtains an access token for an API: with user name and password, or from the output of a program.
struct APILogin {
  struct Failure: Error {
    var message: String
  }

  let api: ActionAPI
  let timeout: Duration
  let exchange: (HTTPExchange.Request) -> HTTPExchange.Result
  /// Hides secrets in a text.
  let mask: (String) -> String

  var isNeeded: Bool { api.login != nil || !api.tokenCommand.isEmpty }

  func ask() -> Result<TokenStore.Token, Failure> {
    if let login = api.login { return ask(login) }
    switch CommandSender.output(of: api.tokenCommand, timeout: timeout, mask: mask) {
    case .success(let text):
      let token = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
      return JSONWebToken.isToken(token)
        ? .success(.init(text: token, expiresAt: JSONWebToken.expiry(of: token)))
        : .failure(Failure(message: "`\(api.tokenCommand[0])` printed no token"))
    case .failure(let failure): return .failure(Failure(message: "`\(api.tokenCommand[0])`: \(failure.message)"))
    }
  }

  private func ask(_ login: ActionAPI.Login) -> Result<TokenStore.Token, Failure> {
    let body = JSONValue.object(login.body.map { ($0.name, .string($0.value)) })
    let result = exchange(
      .init(
        method: "POST", url: api.url + login.path, headers: ["Content-Type: application/json"],
        body: JSONWriter.write(body, isPretty: false, escaping: .minimal), access: api.access, timeout: timeout))
    let place = "login at \(api.url)\(login.path)"
    switch result {
    case .notSent(let reason), .lost(let reason): return .failure(Failure(message: "\(place): \(reason)"))
    case .answered(let status, let body, _):
      guard (200..<300).contains(status) else {
        return .failure(Failure(message: "\(place): HTTP \(status) \(AnswerText.message(of: body, mask: mask))"))
      }
      var node = JSONNode(body)
      for name in login.token { node = node?[name] }
      guard let token = node?.text, JSONWebToken.isToken(token) else {
        return .failure(
          Failure(message: "\(place): the answer has no token at `\(login.token.joined(separator: "."))`"))
      }
      return .success(.init(text: token, expiresAt: JSONWebToken.expiry(of: token)))
    }
  }
}

/// The access tokens of all APIs, shared by all senders. Each API is queried by one thread at a time.
final class TokenStore: Sendable {
  struct Token: Sendable, Equatable {
    var text: String
    /// `nil` if the expiry is unknown.
    var expiresAt: Timestamp?
    /// The token is not used after this time. `nil`: it is used until it is refused.
    fileprivate var renewsAt: Timestamp?

    init(text: String, expiresAt: Timestamp?) {
      self.text = text
      self.expiresAt = expiresAt
    }
  }

  /// A token is renewed this long before it expires; a short-lived one after four fifths of its lifetime.
  private static let margin = Duration.seconds(30)
  /// Minimum time between a failed login and the next one: many attempts with a wrong password can lock an account.
  private static let respite = Duration.seconds(5)

  private let tokens = Mutex<[String: Token]>([:])
  private let failures = Mutex<[String: (failure: APILogin.Failure, at: ContinuousClock.Instant)]>([:])
  private let asking = Mutex(())

  /// Returns the cached token, else requests a new one. A token that was `refused` or is about to expire is not returned.
  func token(
    of api: String, refused: String?, now: Timestamp, _ ask: () -> Result<Token, APILogin.Failure>
  ) -> Result<String, APILogin.Failure> {
    asking.withLock { _ in
      if let kept = tokens.withLock({ $0[api] }), kept.text != refused,
        kept.renewsAt.map({ now < $0 }) ?? true
      {
        return .success(kept.text)
      }
      if let last = failures.withLock({ $0[api] }), ContinuousClock.now - last.at < Self.respite {
        return .failure(last.failure)
      }
      let asked = ask()
      switch asked {
      case .success(var token):
        token.renewsAt = token.expiresAt.map { $0 - min(Self.margin, ($0 - now) / 5) }
        tokens.withLock { $0[api] = token }
      case .failure(let failure): failures.withLock { $0[api] = (failure, .now) }
      }
      return asked.map(\.text)
    }
  }

  /// Hides every token in a text.
  func mask(_ text: String) -> String {
    SecretText.masked(text, tokens.withLock { $0.values.map(\.text) }.filter { $0.utf8.count >= 4 })
  }
}
