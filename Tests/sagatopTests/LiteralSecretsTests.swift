import Testing

@testable import sagatop

@Suite("Literal secrets in templates of actions")
struct LiteralSecretsTests {
  @Test(
    "a text after a secret's name and a separator is a secret; a placeholder is not",
    arguments: [
      (#"{"password": "hunter2"}"#, true), (#"{"api_key":"abcdef"}"#, true), ("--token=abcdef123", true),
      ("/retry?token=abcdef&x=1", true), (#"{"password": "{data.password}"}"#, false), ("--token {reason}", false),
      ("/tokens/{saga.id}", false), (#"{"reason": "token"}"#, false), ("/retry/{saga.id}", false), ("token=", false),
    ])
  func isSecret(text: String, isSecret: Bool) {
    #expect(LiteralSecrets.isSecret(text) == isSecret)
  }
}
