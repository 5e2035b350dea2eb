import Core
import Reports
import TestRandom
import TestSupport
import Testing

@testable import Collectors
@testable import Configuration
@testable import sagatop

@Suite("A recording gives the same result for each replay to an instant")
struct ReplayRepeatTests {
  private static let start = Timestamp(milliseconds: 1_769_508_000_000)
  private static let length = 90_000

  private let folder: TemporaryDirectory
  private let settings: Settings

  init() throws {
    folder = try TemporaryDirectory()
    var settings = Settings(
      context: "test", kafka: .init(brokers: "", properties: []), system: try Presets.load("spring", environment: [:]))
    settings.services = ["a", "b"].compactMap { name in
      ServiceURL("http://127.0.0.1:1/\(name)").map { ServiceSettings(name: "\(name)-service", url: $0) }
    }
    self.settings = settings
  }

  /// Records orders with many kinds of failures, nodes and ties, between polls of groups, locks and services.
  private func record(seed: UInt64) throws -> String {
    let path = "\(folder.path)/\(seed).jsonl"
    var run = RandomRun(seed: seed, start: Self.start)
    let (clock, world) = (ObservationClock(), ObservationClock())
    let sink = try RecordingSink(
      path, header: RecordingHeader(version: "1", context: "test", system: "spring", startedAt: Self.start),
      clock: clock, symbols: run.symbols,
      sink: Store(settings, symbols: run.symbols, now: { clock.time }), now: { world.time })
    run.play(into: sink, clock: world, milliseconds: Self.length)
    _ = sink.finish()
    return path
  }

  /// All output formats of a snapshot, computed by a separate replay.
  private func documents(_ path: String, at milliseconds: Int) throws -> [String] {
    let replay = try ReplayStore([path], settings: settings)
    let instant = try replay.play(to: "+\(milliseconds)ms")
    var invocation = Invocation()
    invocation.checks = ["stuck", "lag", "lock-age", "service", "oldest-compensation"]
    return try [Invocation.Format.json, .wide, .prometheus, .screen].map { format in
      invocation.wantedFormat = format
      let plan = try SnapshotPlan(invocation, settings)
      return try SnapshotRenderer(invocation: invocation, settings: settings, plan: plan)
        .text(of: replay.store, now: instant).text
    }
  }

  @Test("at any instant, with any failures", arguments: UInt64(1)...4)
  func repeated(seed: UInt64) throws {
    let path = try record(seed: seed)
    for place in 1...8 {
      let instant = Self.length / 8 * place
      let first = try documents(path, at: instant)
      #expect(first[0].count > 5000)
      for _ in 0..<2 { #expect(try documents(path, at: instant) == first, "at \(instant) ms") }
    }
  }
}
