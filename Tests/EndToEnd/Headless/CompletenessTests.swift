import Foundation
import TestSupport
import Testing

@Suite("Completeness of a snapshot", .serialized)
struct CompletenessTests {
  private func snapshot(_ server: NoidaServer, _ words: [String]) throws -> (run: Run, document: SnapshotDocument) {
    let run = try Run.sagatop(
      [
        "snapshot", "--brokers", server.brokers, "--preset", "spring", "--redis", "redis://127.0.0.1:1", "--timeout",
        "2s",
        "-o", "json",
      ] + words)
    return (run, try SnapshotDocument(run.output))
  }

  @Test("missing sources are named; the exit status is 0 only if all required ones are complete")
  func required() throws {
    let server = try NoidaServer()
    for (words, code) in [([], 3), (["--require", "kafka,redis"], 3), (["--require", "kafka,lag"], 0)]
      as [([String], Int32)]
    {
      let (run, document) = try snapshot(server, words)
      #expect(run.code == code, "\(words): \(run.errors)")
      #expect(!document.isComplete)
      #expect(document.root["missing"] as? [String] == ["redis"])
      #expect(run.errors.contains("redis: not read completely in time"))
    }
    let (run, document) = try snapshot(server, ["--sections", "lag"])
    #expect(run.code == 0 && document.isComplete, "what no section needs is not read")
  }

  @Test("checks are named in the configuration, and run by name or all together")
  func configured() throws {
    let folder = try Folder()
    try folder.write(
      """
      contexts:
        prod:
          preset: spring
          kafka: {brokers: "127.0.0.1:1"}
          checks: {orders: "stuck[type=order]:1:5", payments: "lag[group=payment-service]:1000:10000"}
      """, to: "config.yaml")
    let words = ["-c", folder.path("config.yaml"), "snapshot", "--timeout", "0", "-o", "nagios"]
    let all = try Run.sagatop(words)
    #expect(all.code == 3)
    #expect(all.output.hasPrefix("SAGATOP UNKNOWN - orders: ") && all.output.contains("'payments'=U;1000;10000;0;"))
    let one = try Run.sagatop(words + ["--check", "payments"])
    #expect(one.output.hasPrefix("SAGATOP UNKNOWN - payments: ") && !one.output.contains("orders"))
    let twice = try Run.sagatop(words + ["--check", "stuck:1:5", "--check", "stuck:2:6"])
    #expect(twice.code == 64 && twice.errors.contains("`stuck` is given twice"), "\(twice.errors)")
    let unknown = try Run.sagatop(words + ["--check", "paymens"])
    #expect(unknown.code == 64 && unknown.errors.contains("`payments` of the configuration?"), "\(unknown.errors)")
  }
}
