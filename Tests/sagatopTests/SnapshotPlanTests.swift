import Core
import Testing

@testable import Configuration
@testable import sagatop

@Suite("The sources that a snapshot reads")
struct SnapshotPlanTests {
  private func plan(_ words: String) throws -> SnapshotPlan {
    var overrides = Overrides()
    (overrides.brokers, overrides.preset, overrides.redis) = ("b:1", "spring", "redis://r:1")
    overrides.schemaRegistry = "http://s:1"
    let settings = try SettingsResolver(overrides: overrides, environment: ["HOME": "/nowhere"]).resolve()
    let words = ["snapshot"] + words.split(separator: " ").map(String.init)
    return try SnapshotPlan(try CommandLineParser.parse(words), settings)
  }

  @Test(
    "a section reads the sources that it is made from, and no others",
    arguments: [
      ("--sections lag", [.lag]), ("--sections services", [.services, .kubernetes]),
      ("--sections locks", SourceKind.eventSources.union([.redis])),
      ("--sections nodes", SourceKind.eventSources.union([.lag, .kubernetes])),
      ("--sections failures", SourceKind.eventSources),
      ("--sections sources", SourceKind.all.subtracting([.traces])), ("", SourceKind.all.subtracting([.traces])),
    ] as [(String, Set<SourceKind>)])
  func sections(words: String, kinds: Set<SourceKind>) throws {
    #expect(try plan(words).kinds == kinds)
  }

  @Test("a check and a required source are read in addition; a required registry is read with the events")
  func required() throws {
    #expect(try plan("--sections services --check lock-age:1m:10m").reads(.redis))
    let plan = try plan("--sections lag --require schemas")
    #expect(plan.kinds == [.lag, .schemas] && plan.readsEvents)
    #expect(try !self.plan("--sections lag").readsEvents)
  }

  @Test(
    "a source that is not configured, or that a snapshot never reads, cannot be required",
    arguments: ["kubernetes", "traces"])
  func absent(kind: String) {
    let failure = #expect(throws: CommandFailure.self) { try plan("--require \(kind)") }
    #expect(failure?.code == ExitCode.configuration)
  }
}
