import Core
import Testing

@testable import Configuration

@Suite("Settings of the audit log and of idempotency keys")
struct AuditSettingsTests {
  private func settings(_ lines: String...) throws -> Settings {
    let folder = try TemporaryFolder()
    let context = ["kafka: {brokers: localhost}", "preset: spring"] + lines
    var overrides = Overrides()
    overrides.configuration = try folder.write(
      (["contexts:", "  c:"] + context.map { "    \($0)" }).joined(separator: "\n") + "\n", to: "config.yaml")
    return try SettingsResolver(overrides: overrides, environment: ["HOME": "/home/x"]).resolve()
  }

  @Test("by default the log is private to the operator, and no reason is required")
  func standard() throws {
    #expect(try settings().audit == Settings.Audit())
  }

  @Test("a context sets the log's path and group, and whether a reason is required")
  func given() throws {
    let audit = try settings("audit: {path: ~/log/audit.jsonl, group: ops, requireReason: true}").audit
    #expect(audit == .init(path: "/home/x/log/audit.jsonl", group: "ops", requiresReason: true))
    #expect(throws: ConfigurationError.self) { try settings("audit: {path: /var/log/}") }
  }

  @Test("an API sets how long it stores keys, and their format")
  func keys() throws {
    let apis = try settings(
      "apis: {a: http://h, b: {url: http://h, idempotencyWindow: 1h, idempotencyKey: quoted}}"
    ).apis
    #expect(apis.map(\.idempotencyWindow) == [.seconds(86_400), .seconds(3600)])
    #expect(apis.map(\.quotesIdempotencyKey) == [false, true])
  }
}
