import Core
import Glibc
import Testing

@testable import Configuration

@Suite("Services of a configuration")
struct ServiceSettingsTests {
  private func settings(_ change: (inout Overrides) -> Void = { _ in }) throws -> Settings {
    var overrides = Overrides()
    overrides.configuration = "\(FixtureFiles.folder)/Fixtures/valid/configurations/services.yaml"
    change(&overrides)
    return try SettingsResolver(overrides: overrides, environment: CorpusTests.environment).resolve()
  }

  private func service(_ name: String, _ settings: Settings) throws -> ServiceSettings {
    try #require(settings.services.first { $0.definition.name == name })
  }

  @Test("a service has instances, intervals, expected words and request settings")
  func whole() throws {
    let service = try service("payment-service", settings())
    #expect(service.definition.instances.map(\.node) == [nil, "node-2", nil])
    #expect(service.definition.interval == .milliseconds(500) && service.definition.timeout == .seconds(1))
    #expect(service.definition.slow == .milliseconds(250) && service.gauges == ["queue_length"])
    let metrics = ["http://10.0.0.1:8085/metrics", "http://10.0.0.2:9100/m", "http://[::1]:8085/metrics"]
    #expect(service.targets.map(\.metrics) == metrics)
    #expect(service.body.path == ["data", "state"] && service.body.words.meaning(of: "KAPUTT") == .down)
    let access = service.targets.map(\.access)
    #expect(access.map(\.host) == [nil, "pay.local", nil])
    #expect(access.map(\.unixSocket) == [nil, nil, "/home/operator/pay.sock"])
    #expect(access[0].user == "ada" && access[0].password == "s3cret-word")
    #expect(access[0].headers.map(\.value) == ["s3cret-word", "true"])
    #expect(access[0].authorities?.hasSuffix("/configurations/ca.pem") ?? false)
  }

  @Test("a URL without a path gets the preset's path; any other URL is unchanged")
  func path() throws {
    let settings = try settings {
      $0.services = [.init(name: "x", url: "http://x/"), .init(name: "y", url: "http://y/z")]
    }
    #expect(try service("order-service", settings).targets[0].url == "http://order:8082/actuator/health")
    #expect(try service("x", settings).definition.instances[0].url == "http://x/actuator/health")
    #expect(try service("y", settings).targets[0].url == "http://y/z")
  }

  @Test("passwords and keys in a URL are sent but not displayed")
  func secrets() throws {
    let settings = try settings()
    let service = try service("user-service", settings)
    #expect(service.targets[0].url == "https://user/actuator/health?key=s3cret-word")
    #expect(service.targets[0].access.user == "ada" && service.targets[0].access.password == "pass@word")
    #expect(service.definition.instances[0].url == "https://user/actuator/health?key=***")
    #expect(settings.secrets.mask("pass@word s3cret-word") == "*** ***")
  }

  @Test(
    "URL parameters whose names indicate a secret are sent but not displayed",
    arguments: [
      "api_key", "apikey", "key", "access_token", "TOKEN", "sig", "X-Amz-Signature", "subscription-key", "password",
      "client_secret", "code", "jwt",
    ])
  func arguments(name: String) throws {
    let settings = try settings { $0.services = [.init(name: "x", url: "http://x/h?page=12345&\(name)=a%2Bb1234&z=1")] }
    let service = try service("x", settings)
    #expect(service.targets[0].url == "http://x/h?page=12345&\(name)=a%2Bb1234&z=1")
    #expect(service.definition.instances[0].url == "http://x/h?page=12345&\(name)=***&z=1")
    #expect(settings.secrets.mask("refused a+b1234, page 12345") == "refused ***, page 12345")
  }

  @Test("an invalid URL is quoted only if it cannot contain a password")
  func wrong() throws {
    let folder = try TemporaryFolder()
    func messages(_ url: String) throws -> String {
      let path = try folder.write("contexts: {a: {kafka: {brokers: b}, services: {x: \"\(url)\"}}}", to: "config.yaml")
      var overrides = Overrides()
      (overrides.configuration, overrides.preset) = (path, "spring")
      do { _ = try SettingsResolver(overrides: overrides, environment: [:]).resolve() } catch {
        return "\(error)"
      }
      return ""
    }
    #expect(try messages("ftp://host/x").contains("found `ftp://host/x`"))
    let secret = try messages("ftp://ada:hunter22@host/x")
    #expect(secret.contains("expected a URL") && !secret.contains("hunter22"))
  }

  @Test(
    "a warning is given for a file with secrets that others may read",
    arguments: [
      (0o644, "hunter22", true), (0o640, "hunter22", false), (0o600, "hunter22", false),
      (0o644, "${env:PASSWORD}", false),
    ])
  func open(mode: mode_t, password: String, isWarned: Bool) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "contexts: {a: {kafka: {brokers: b}, services: {x: {url: http://x/, basic: {user: u, password: \"\(password)\"}}}}}",
      to: "config.yaml")
    #expect(chmod(path, mode) == 0)
    var overrides = Overrides()
    (overrides.configuration, overrides.preset) = (path, "spring")
    let settings = try SettingsResolver(overrides: overrides, environment: ["PASSWORD": "hunter22"]).resolve()
    let warnings = settings.warnings.filter { $0.contains("other users may read it") }
    #expect(warnings.count == (isWarned ? 1 : 0))
    #expect(!settings.warnings.contains { $0.contains("hunter22") })
  }

  @Test("--service replaces a service of the context or adds one")
  func flag() throws {
    let settings = try settings {
      $0.services = [.init(name: "order-service", url: "http://other/h"), .init(name: "new", url: "http://new/h")]
    }
    #expect(settings.services.map(\.definition.name) == ["order-service", "user-service", "payment-service", "new"])
    #expect(try service("order-service", settings).targets[0].url == "http://other/h")
    let error = #expect(throws: ConfigurationError.self) {
      try self.settings { $0.services = [.init(name: "bad", url: "host:80")] }
    }
    #expect(error?.description == "--service bad: expected a URL such as http://host:8080/health")
  }

  @Test(
    "a URL of a service",
    arguments: [
      ("http://a", true), ("HTTPS://a:1/x?y#z", true), ("http://[::1]:8080/", true), ("http://", false),
      ("http:///x", false),
      ("http://a:0", false), ("http://a:x", false), ("http://a b", false), ("file:///etc", false), ("a:80", false),
      ("", false),
    ])
  func url(text: String, isGood: Bool) { #expect((ServiceURL(text) != nil) == isGood) }
}
