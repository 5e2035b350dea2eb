import Testing

@testable import Configuration

@Suite("Secrets")
struct SecretsTests {
  private func secrets(_ values: String...) -> Secrets {
    var secrets = Secrets()
    for value in values { secrets.insert(value) }
    return secrets
  }

  @Test("each secret in a text is masked, however often it stands there")
  func mask() {
    #expect(secrets("hunter2").mask("login hunter2:hunter2 failed") == "login ***:*** failed")
    #expect(secrets("hunter2").mask("all is well") == "all is well")
    #expect(Secrets().mask("hunter2") == "hunter2")
  }

  @Test("of a secret that holds another nothing is left")
  func nested() {
    #expect(secrets("word", "password", "password-of-ada").mask("password-of-ada, password, word") == "***, ***, ***")
  }

  @Test("a secret is masked as it stands in a document, too")
  func escaped() {
    #expect(secrets("p\"w\\d\n").mask(#"{"password":"p\"w\\d\n"}"#) == #"{"password":"***"}"#)
  }

  @Test("what is shorter than four characters would be found by chance, and is left")
  func short() {
    #expect(secrets("", "abc").mask("abc is a fabrication") == "abc is a fabrication")
  }

  @Test(
    "properties that hold a secret are known by name",
    arguments: [
      ("sasl.password", true), ("ssl.key.password", true), ("ssl.keystore.password", true), ("ssl.key.pem", true),
      ("sasl.oauthbearer.client.secret", true), ("sasl.oauthbearer.config", true), ("sasl.username", false),
      ("security.protocol", false), ("ssl.ca.location", false),
    ])
  func byName(name: String, isSecret: Bool) {
    #expect(Secrets.isSecret(property: name) == isSecret)
  }
}
