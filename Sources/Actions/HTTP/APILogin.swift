import Clients
import Core
import Text

/// Obtains an access token of an API: by name and password, or from the output of a program.
struct APILogin {
  struct Failure: Error {
    var message: String
  }

  let api: ActionAPI
  let timeout: Duration
  let exchange: (HTTPExchange.Request) -> HTTPExchange.Result
  /// Takes secrets out of a text.
  let mask: (String) -> String

  var isNeeded: Bool { api.login != nil || !api.tokenCommand.isEmpty }

  func ask() -> Result<TokenStore.Token, Failure> {
    if let login = api.login { return ask(login) }
    switch CommandSender.output(of: api.tokenCommand, timeout: timeout, mask: mask) {
    case .success(let text):
      let token = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
      return Self.isToken(token)
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
      guard let token = node?.text, Self.isToken(token) else {
        return .failure(
          Failure(message: "\(place): the answer has no token at `\(login.token.joined(separator: "."))`"))
      }
      return .success(.init(text: token, expiresAt: JSONWebToken.expiry(of: token)))
    }
  }

  /// What cannot break out of its header.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 16_384 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
  }
}
