import Core
import Testing

@testable import Configuration

@Suite("Redis servers and locks of a configuration")
struct RedisSettingsTests {
  private static let file = """
    contexts:
      shop:
        preset: spring
        kafka: {brokers: localhost}
        redis: {servers: ["redis://ada:${env:WORD}@redis-1/2"], interval: 500ms, keyspaceEvents: yes}
        counts: ["user:online:*"]
    """

  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.write(Self.file, to: "config.yaml")
  }

  private func resolve(_ change: (inout Overrides) -> Void = { _ in }) throws -> Settings {
    var overrides = Overrides()
    overrides.configuration = path
    change(&overrides)
    return try SettingsResolver(overrides: overrides, environment: ["WORD": "s3cret%2Dword"]).resolve()
  }

  @Test("the context contains servers and counted patterns, its preset the locks")
  func context() throws {
    let settings = try resolve()
    #expect(settings.redis.servers.map(\.name) == ["redis-1:6379/2"])
    #expect(settings.redis.interval == .milliseconds(500))
    #expect(settings.redis.publishesKeyEvents)
    #expect(settings.system.locks.map(\.pattern.text) == ["inventory:lock:{productId}"])
    #expect(settings.system.locks.first?.lease == .seconds(3))
    #expect(settings.system.counts.map(\.text) == ["user:online:*"])
  }

  @Test("a server's password is a secret, in its written and its decoded form")
  func secrets() throws {
    let settings = try resolve()
    #expect(settings.redis.servers.first?.password == "s3cret-word")
    #expect(settings.secrets.mask("s3cret%2Dword and s3cret-word") == "*** and ***")
    let given = try resolve { $0.redis = "redis://:0ther-word@h" }
    #expect(given.secrets.mask("0ther-word") == "***")
  }

  @Test("--redis replaces the context's servers; an invalid value gives an error that does not quote it")
  func flag() throws {
    let settings = try resolve { $0.redis = "redis://a:1,unix:///run/b" }
    #expect(settings.redis.servers.map(\.name) == ["a:1", "/run/b"])
    #expect(settings.redis.interval == .milliseconds(500))
    let error = #expect(throws: ConfigurationError.self) { try resolve { $0.redis = "redis://u:s3cret-word@h:x" } }
    #expect(error?.description == "--redis: expected a port from 1 to 65535")
  }

  @Test("without servers no locks are watched")
  func none() throws {
    let settings = try resolve {
      $0.brokers = "one"
      $0.preset = "spring"
    }
    #expect(settings.redis.servers.isEmpty)
  }
}
