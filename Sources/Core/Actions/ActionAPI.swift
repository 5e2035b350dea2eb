/// A server that takes requests for actions, and how one is let in there. What it holds is secret and reaches no text.
package struct ActionAPI: Sendable, Equatable {
  /// Asks for a token with a name and a password, as often as is needed.
  package struct Login: Sendable, Equatable {
    package var path: String
    /// Sent as JSON: `{"email": …, "password": …}`.
    package var body: [(name: String, value: String)]
    /// Where in the answer the token stands: names of nested objects from the outside in.
    package var token: [String]

    package init(path: String, body: [(name: String, value: String)], token: [String] = ["accessToken"]) {
      self.path = path
      self.body = body
      self.token = token
    }

    package static func == (left: Login, right: Login) -> Bool {
      left.path == right.path && left.token == right.token && left.body.elementsEqual(right.body) { $0 == $1 }
    }
  }

  package var name: String
  /// Scheme, server and an optional path in front of every request's; without a `/` at its end.
  package var url: String
  package var access: HTTPAccess
  package var login: Login?
  /// The words of a program that prints a token.
  package var tokenCommand: [String]
  /// For so long the server knows a key again.
  package var idempotencyWindow = Duration.seconds(86_400)
  /// The key is sent as a string in quotation marks, as the IETF's draft has it.
  package var quotesIdempotencyKey = false

  package init(
    name: String, url: String, access: HTTPAccess = HTTPAccess(), login: Login? = nil, tokenCommand: [String] = []
  ) {
    self.name = name
    self.url = url
    self.access = access
    self.login = login
    self.tokenCommand = tokenCommand
  }
}
