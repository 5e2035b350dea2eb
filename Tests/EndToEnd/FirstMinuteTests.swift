import Foundation
import Testing

@Suite("First use", .serialized)
struct FirstMinuteTests {
  @Test("without a configuration three ways to start are shown, one per line")
  func threeWays() throws {
    let folder = try Folder()
    let run = try Run.sagatop(["snapshot"], environment: ["HOME": folder.path, "XDG_CONFIG_HOME": folder.path])
    #expect(run.code == 78)
    for way in [
      "  sagatop --brokers HOST:9092 ", "  sagatop init --brokers HOST:9092 --to FILE ", "  sagatop-demo -- sagatop ",
    ] {
      #expect(run.errors.components(separatedBy: "\n").contains { $0.hasPrefix(way) }, "\(run.errors)")
    }
  }

  @Test("init writes nothing if no message was read, reports the reason, and does not suggest itself")
  func unreachable() throws {
    let run = try Run.sagatop(["init", "--brokers", "127.0.0.1:1", "--for", "6s", "--timeout", "1s"], environment: [:])
    #expect(run.code == 3)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("left at most; 127.0.0.1:1: Connect to 127.0.0.1:1 failed: Connection refused"))
    let snapshot = try Run.sagatop(["snapshot", "--brokers", "127.0.0.1:1", "--timeout", "2s"], environment: [:])
    #expect(snapshot.code == 3)
    #expect(snapshot.errors.contains("nothing was inferred: no message was read\n"))
    #expect(!snapshot.errors.contains("sagatop init"))
  }

  @Test("the doctor infers an unknown system and finds its sagas")
  func doctorInfers() throws {
    let run = try Run.command(
      Binaries.demo,
      [
        "--broker", "noida", "--seed", "7", "--rate", "20", "--lead", "4", "--",
        Binaries.sagatop, "doctor", "--preset", "none", "--timeout", "20s",
      ])
    #expect(run.output.contains("with sagas of type order"), "\(run.output)")
    #expect(
      run.output.firstMatch(of: /ok +\d+ messages read, [1-9]\d* sagas found/) != nil, "\(run.output)")
  }

  @Test("documentation: commands exit with 0 and print the documented output, options exist, links have a target")
  func pages() throws {
    let bin = URL(fileURLWithPath: Binaries.sagatop).deletingLastPathComponent().path
    let run = try Run.command(
      "/usr/bin/env", ["python3", Binaries.root.appendingPathComponent("scripts/check-docs").path, bin],
      environment: ProcessInfo.processInfo.environment)
    #expect(run.code == 0, "\(run.errors)")
  }
}
