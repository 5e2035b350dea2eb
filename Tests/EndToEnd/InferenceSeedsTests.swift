import Foundation
import Testing

@Suite("Inference agrees with the preset for any seed", .serialized)
struct InferenceSeedsTests {
  /// A style of the demo, and the preset that describes it.
  struct Style: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var preset: String
    /// Orders per second.
    var rate: Int
    var broker = ["--broker", "noida"]
  }

  private static let sagas = 90
  private static let seeds = Array(11...30)

  static let styles = [
    Style(testDescription: "shop", preset: "spring", rate: 60),
    Style(testDescription: "nest", preset: "nest", rate: 30),
    Style(testDescription: "chat", preset: "chat", rate: 60),
    Style(testDescription: "lab", preset: "lab-mesh", rate: 60, broker: []),
  ]

  /// All seeds run concurrently, because they mostly wait.
  @Test("each saga of twenty seeds has the same status as with the preset", arguments: styles)
  func seeds(style: Style) throws {
    let folder = try Folder()
    let runs = try Self.seeds.map { seed in
      let (ledger, recording) = (folder.path("\(seed).ledger"), folder.path("\(seed).jsonl"))
      // Waits until the ledger has not changed for six seconds, because a busy machine may stop a demo for a few seconds.
      let script = """
        n=-1; while m=$(wc -l < '\(ledger)'); [ $m != $n ]; do n=$m; sleep 6; done
        '\(Binaries.sagatop)' record '\(recording)' --for 2s
        """
      return try RunningProgram(
        Binaries.demo,
        ["--style", style.testDescription, "--seed", "\(seed)", "--rate", "\(style.rate)", "--orders", "\(Self.sagas)"]
          + ["--ledger", ledger, "--lead", "3"] + style.broker + ["--", "/bin/sh", "-c", script])
    }
    for run in runs { _ = try run.end(within: 120) }
    let described = try statuses(in: folder, style.preset)
    let inferred = try statuses(in: folder, "none")
    for (seed, described, inferred) in zip3(Self.seeds, described, inferred) {
      #expect(described.count >= Self.sagas - 5, "seed \(seed)")
      let different = Set(described.keys).union(inferred.keys).filter { !isSame(described[$0], inferred[$0]) }
      #expect(
        different.isEmpty,
        "seed \(seed): \(different.sorted().prefix(3).map { "\($0): \(described[$0] ?? "-"), \(inferred[$0] ?? "-")" })"
      )
    }
  }

  /// No message shows that a refusal is a normal end. Inference therefore reads it as compensation.
  private func isSame(_ described: String?, _ inferred: String?) -> Bool {
    described == inferred || (described == "declined" && inferred == "compensated")
  }

  /// One dictionary per seed, by saga id.
  private func statuses(in folder: Folder, _ preset: String) throws -> [[String: String]] {
    let snapshots = try Self.seeds.map { seed in
      try RunningProgram(
        Binaries.sagatop,
        ["snapshot", "--from", folder.path("\(seed).jsonl"), "--preset", preset, "-o", "json", "--sections", "sagas"])
    }
    return try snapshots.map { snapshot in
      let items = try SnapshotDocument(snapshot.end(within: 60).output).items
      return Dictionary(
        items.map { ($0["id"] as? String ?? "", $0["status"] as? String ?? "") },
        uniquingKeysWith: { first, _ in first })
    }
  }

  private func zip3<A, B, C>(_ one: [A], _ two: [B], _ three: [C]) -> [(A, B, C)] {
    zip(one, zip(two, three)).map { ($0, $1.0, $1.1) }
  }
}
