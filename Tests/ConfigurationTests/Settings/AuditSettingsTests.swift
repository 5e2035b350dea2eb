import Core
import Testing

@testable import Configuration

@Suite("Where the audit log lies, and how an API wants its keys")
struct AuditSettingsTests {
  private func settings(_ lines: String...) throws -> Settings {
    let folder = try TemporaryFolder()
    let context = ["kafka: {brokers: localhost}", "preset: spring"] + lines
    var overrides = Overrides()
    overrides.configuration = try folder.write(
      (["contexts:", "  c:"] + context.map { "    \($0)" }).joined(separator: "\n") + "\n", to: "config.yaml")
    return try SettingsResolver(overrides: overrides, environment: ["HOME": "/home/x"]).resolve()
  }

  @Test("without a word the log is the operator's own, and no reason is needed")
  func standard() throws {
    #expect(try settings().audit == Settings.Audit())
  }

  @Test("a context says where its log lies, who shares it, and whether a reason is needed")
  func given() throws {
    let audit = try settings("audit: {path: ~/log/audit.jsonl, group: ops, requireReason: true}").audit
    #expect(audit == .init(path: "/home/x/log/audit.jsonl", group: "ops", requiresReason: true))
    #expect(throws: ConfigurationError.self) { try settings("audit: {path: /var/log/}") }
  }

  @Test("an API says for how long it knows a key again, and in which form it wants it")
  func keys() throws {
    let apis = try settings(
      "apis: {a: http://h, b: {url: http://h, idempotencyWindow: 1h, idempotencyKey: quoted}}"
    ).apis
    #expect(apis.map(\.idempotencyWindow) == [.seconds(86_400), .seconds(3600)])
    #expect(apis.map(\.quotesIdempotencyKey) == [false, true])
  }
}
