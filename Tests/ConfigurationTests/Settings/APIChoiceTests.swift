import Core
import Testing

@testable import Configuration

@Suite("Credentials of APIs")
struct APIChoiceTests {
  @Test("tokens and passwords are taken from the environment, a file or a program, and are masked everywhere")
  func secrets() throws {
    let folder = try TemporaryFolder()
    let token = try folder.write("token-of-a-file\n", to: "token")
    var overrides = Overrides()
    overrides.configuration = try folder.write(
      """
      contexts:
        a:
          preset: spring
          kafka: {brokers: "a:9092"}
          apis:
            one: {url: "http://one", bearer: "${env:TOKEN}"}
            two: {url: "http://two", bearer: "${file:\(token)}"}
            three: {url: "http://three", tokenCommand: [print-token, --short]}
            four: {url: "http://four", basic: {user: ops, password: "${env:PASSWORD}"}}
            five: {url: "http://five", login: {path: /auth/login, body: {email: ops@x.org, password: written-here}}}
            six: {url: "http://six", headers: {X-API-Key: key-written-here}}
            seven: "http://ops:in-the-url@seven"
      """, to: "config.yaml")
    let settings = try SettingsResolver(
      overrides: overrides, environment: ["TOKEN": "token-of-env", "PASSWORD": "word-of-env", "HOME": "/nowhere"]
    ).resolve()
    let access = settings.apis.map(\.access)
    #expect(settings.apis.map(\.name) == ["one", "two", "three", "four", "five", "six", "seven"])
    #expect(access.map(\.bearer) == ["token-of-env", "token-of-a-file", nil, nil, nil, nil, nil])
    #expect(settings.apis[2].tokenCommand == ["print-token", "--short"])
    #expect(access[3].user == "ops" && access[3].password == "word-of-env")
    #expect(settings.apis[4].login?.body.map(\.value) == ["ops@x.org", "written-here"])
    #expect(access[6].password == "in-the-url" && settings.apis[6].url == "http://seven")
    for secret in [
      "token-of-env", "token-of-a-file", "word-of-env", "written-here", "key-written-here", "in-the-url",
      // ops:word-of-env and ops:in-the-url in base64, as in an HTTP Authorization header.
      "b3BzOndvcmQtb2YtZW52", "b3BzOmluLXRoZS11cmw=",
    ] {
      #expect(settings.secrets.mask("<\(secret)>") == "<***>", "\(secret)")
    }
    #expect(settings.secrets.mask("ops@x.org at http://seven") == "ops@x.org at http://seven")
  }
}
