import Testing

@testable import sagatop

@Suite("Secrets in the templates of actions")
struct LiteralSecretsTests {
  @Test(
    "a name that tells, a sign and a text is a secret; a field in its place is none",
    arguments: [
      (#"{"password": "hunter2"}"#, true), (#"{"api_key":"abcdef"}"#, true), ("--token=abcdef123", true),
      ("/retry?token=abcdef&x=1", true), (#"{"password": "{data.password}"}"#, false), ("--token {reason}", false),
      ("/tokens/{saga.id}", false), (#"{"reason": "token"}"#, false), ("/retry/{saga.id}", false), ("token=", false),
    ])
  func isSecret(text: String, isSecret: Bool) {
    #expect(LiteralSecrets.isSecret(text) == isSecret)
  }
}
