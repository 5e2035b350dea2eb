import Testing

@testable import Configuration

@Suite("Secrets")
struct SecretsTests {
  private func secrets(_ values: String...) -> Secrets {
    var secrets = Secrets()
    for value in values { secrets.insert(value) }
    return secrets
  }

  @Test("every occurrence of a secret in a text is masked")
  func mask() {
    #expect(secrets("hunter2").mask("login hunter2:hunter2 failed") == "login ***:*** failed")
    #expect(secrets("hunter2").mask("all is well") == "all is well")
    #expect(Secrets().mask("hunter2") == "hunter2")
  }

  @Test("a secret is masked even if a combining mark follows it")
  func combined() {
    let masked = secrets("hunter2").mask("hunter2\u{301} and hunter2\u{200d}x")
    #expect(masked == "***\u{301} and ***\u{200d}x" && !masked.utf8.elementsEqual("hunter2".utf8))
  }

  @Test("a secret that contains another one is masked completely")
  func nested() {
    #expect(secrets("word", "password", "password-of-ada").mask("password-of-ada, password, word") == "***, ***, ***")
  }

  @Test("a secret is also masked in its escaped form in a document")
  func escaped() {
    #expect(secrets("p\"w\\d\n").mask(#"{"password":"p\"w\\d\n"}"#) == #"{"password":"***"}"#)
  }

  @Test("short texts and numbers in another system's messages are not masked, because they may be coincidental")
  func messages() {
    let hide = secrets("2026", "12345678901", "long-secret").hide
    let message = #"{"at":"2026-01-01","n":12345678901,"t":"long-secret"}"#
    #expect(String(decoding: hide(Array(message.utf8)), as: UTF8.self) == message.replacing("long-secret", with: "***"))
    #expect(Secrets().hide([0xff, 0x61]) == [0xff, 0x61])
  }

  @Test("secrets are masked in every form that a server may repeat, and in a login path")
  func repeated() throws {
    let text = """
      contexts:
        a:
          preset: spring
          kafka: {brokers: b}
          services: {a: {url: 'http://ada:word-1@h/', headers: {Authorization: 'Bearer long-token'}}}
          apis: {b: {url: 'http://h/', login: {path: '/l?key=login-key', body: {user: u, password: word-2}}}}
      """
    let file = try ConfigurationFile(Array(text.utf8), path: "f.yaml", choice: .current, environment: [:])
    let secrets = try #require(file.context).secrets
    // The second text is ada:word-1 in base64, as in an HTTP Authorization header.
    for form in ["word-1", "YWRhOndvcmQtMQ==", "Bearer long-token", "long-token", "login-key", "word-2"] {
      #expect(secrets.mask("<\(form)>") == "<***>", "\(form)")
    }
  }

  @Test("secrets of less than four characters are not masked, because they occur by chance")
  func short() {
    #expect(secrets("", "abc").mask("abc is a fabrication") == "abc is a fabrication")
  }

  @Test(
    "no error quotes a possible URL with a password or token, regardless of its position",
    arguments: [
      "redis: REDIS", "kafka: {brokers: REDIS}", "services: WEB", "http: {server: REDIS}",
      "http: WEB", "documents: {a: {url: 'x WEB'}}", "since: WEB", "protected: WEB",
      "kafka: {brokers: b, lagInterval: REDIS}",
      "services: {a: {url: 'http://h/', interval: WEB}}", "traces: {zipkin: REDIS}", "schemaRegistry: REDIS",
      "actions: {retry: {http: {path: WEB}}}", "actions: {retry: {http: {url: REDIS}}}", "audit: {path: WEB}",
      "apis: {a: {login: {path: /l, body: '{\"password\": \"hunter22\"}'}}}",
      "services: {a: {url: 'http://h/', headers: 'Authorization: Bearer hunter22'}}", "kafka: 'sasl.password=hunter22'",
      "services: {a: {url: 'http://h/', basic: 'me:hunter22'}}",
    ])
  func quoted(member: String) {
    let member = member.replacing("REDIS", with: "redis://ada:hunter22@h:1/x").replacing(
      "WEB", with: "http//h?token=hunter22"
    )
    .replacing("http//", with: "http://ada:hunter22@")
    let text = "contexts: {a: {kafka: {brokers: b}, preset: spring, \(member)}}"
    let error = #expect(throws: ConfigurationError.self) {
      _ = try ConfigurationFile(Array(text.utf8), path: "f.yaml", choice: .current, environment: [:])
    }
    #expect(error.map { !"\($0)".contains("hunter22") } ?? true, "\(error?.description ?? "")")
  }

  @Test("a client id and secret are masked in the form in which a token is requested")
  func oauth() throws {
    let text = """
      contexts: {a: {kafka: {brokers: b, properties:
        {sasl.oauthbearer.client.secret: hunter22, sasl.oauthbearer.client.id: ada}}, preset: spring}}
      """
    let file = try ConfigurationFile(Array(text.utf8), path: "f.yaml", choice: .current, environment: [:])
    let secrets = try #require(file.context).secrets
    #expect(secrets.mask("401 for Basic YWRhOmh1bnRlcjIy") == "401 for Basic ***")
  }

  @Test(
    "properties that contain a secret are recognised by name",
    arguments: [
      ("sasl.password", true), ("ssl.key.password", true), ("ssl.keystore.password", true), ("ssl.key.pem", true),
      ("sasl.oauthbearer.client.secret", true), ("sasl.oauthbearer.config", true), ("sasl.username", false),
      ("security.protocol", false), ("ssl.ca.location", false),
    ])
  func byName(name: String, isSecret: Bool) {
    #expect(Secrets.isSecret(property: name) == isSecret)
  }
}
