import Foundation
import Testing

@Suite("A recording gives the same results as the system", .serialized)
struct RecordingsTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func shop(_ options: [String] = []) throws -> Demo {
    try Demo(["--broker", "noida", "--rate", "40", "--lead", "6", "--fault", "stock-out@5"] + options)
  }

  @Test("the snapshot of a recording equals that of the recording process byte for byte")
  func sameSnapshot() throws {
    var demo: Demo? = try shop(["--fault", "payment-down@8"])
    try folder.write(try String(contentsOfFile: #require(demo).configuration, encoding: .utf8), to: "config.yaml")
    let environment = ["SAGATOP_CONFIG": folder.path("config.yaml")]
    let names = ["a.jsonl", "b.jsonl.zst"]
    // One recording without a configuration, and one with masked ids.
    let others = ["c.jsonl --brokers \(try brokers())", "d.jsonl --mask orderId,key"]
    let commands = (names + others).map { words in
      "\(Binaries.sagatop) record \(words) --for 5s --snapshot \(words.split(separator: " ")[0]).json"
    }
    let run = try Run.command(
      "/usr/bin/env", ["-C", folder.path, "sh", "-c", commands.joined(separator: " & ") + " & wait"],
      environment: environment)
    demo = nil
    for name in names {
      let recorded = try folder.text("\(name).json")
      let snapshot = try SnapshotDocument(recorded)
      #expect(snapshot.isComplete && snapshot.items.count > 200, "\(run.errors)")
      let takenAt = try #require(snapshot.root["takenAt"] as? String)
      for options in [[], ["--at", takenAt]] {
        let run = try Run.sagatop(
          ["snapshot", "--from", folder.path(name), "-o", "json"] + options, environment: environment)
        #expect(run.code == 0 && run.output == recorded, "\(name) \(options): \(run.errors)")
      }
    }
    try unknownSystem()
    try maskedOrders(environment)
    try formats(environment, of: folder.path(names[1]))
    try middle(environment, of: folder.path(names[0]))
  }

  private func brokers() throws -> String {
    let text = try folder.text("config.yaml")
    let line = try #require(text.split(separator: "\n").first { $0.contains("brokers: ") })
    return try #require(line.split(separator: " ").last.map(String.init))
  }

  /// Inference from the recording gives the snapshot that was taken while recording.
  private func unknownSystem() throws {
    let snapshot = try SnapshotDocument(folder.text("c.jsonl.json"))
    #expect(snapshot.root["inferred"] as? Bool == true && snapshot.items.count > 200)
    let run = try Run.sagatop(["snapshot", "--from", folder.path("c.jsonl"), "-o", "json"])
    #expect(try run.output == folder.text("c.jsonl.json") && run.errors.contains("order ("))
  }

  /// The snapshot of a masked recording contains masked ids only.
  private func maskedOrders(_ environment: [String: String]) throws {
    let snapshot = try folder.text("d.jsonl.json")
    let ids = try SnapshotDocument(snapshot).items.compactMap { $0["id"] as? String }
    #expect(ids.count > 200 && ids.allSatisfy { $0.hasPrefix("masked-") })
    let run = try Run.sagatop(["snapshot", "--from", folder.path("d.jsonl"), "-o", "json"], environment: environment)
    #expect(run.output == snapshot)
  }

  /// Every output format works with a recording.
  private func formats(_ environment: [String: String], of path: String) throws {
    for format in ["table", "wide", "csv", "markdown", "prometheus", "screen", "svg"] {
      let run = try Run.sagatop(["snapshot", "--from", path, "-o", format], environment: environment)
      #expect(run.code == 0 && run.output.count > 500, "\(format): \(run.errors)")
    }
    let check = try Run.sagatop(
      ["snapshot", "--from", path, "-o", "nagios", "--check", "stuck:0:100000"], environment: environment)
    #expect(check.code < 2 && check.output.hasPrefix("SAGATOP"), "\(check.output) \(check.errors)")
    let watch = try Run.sagatop(["snapshot", "--from", path, "--watch", "1s"], environment: environment)
    #expect(watch.code == 64)
  }

  /// A snapshot in the middle is reproducible. Without a configuration, the recording's preset is used.
  private func middle(_ environment: [String: String], of path: String) throws {
    let runs = try (0..<4).map { _ in
      try Run.sagatop(["snapshot", "--from", path, "--at", "+3s", "-o", "json"], environment: environment).output
    }
    #expect(Set(runs).count == 1)
    let alone = try Run.sagatop(["snapshot", "--from", path, "--at", "+3s", "-o", "json"])
    #expect(alone.code == 0, "\(alone.errors)")
    #expect(try SnapshotDocument(alone.output).counts == SnapshotDocument(runs[0]).counts)
    let saga = try #require(try SnapshotDocument(runs[0]).items.first?["id"] as? String)
    let why = try Run.sagatop(["why", saga, "--from", path, "--at", "+3s"], environment: environment)
    #expect(why.code == 0 && why.output.contains(saga), "\(why.errors)")
    #expect(try Run.sagatop(["why", "nobody", "--from", path], environment: environment).code == 66)
    #expect(try Run.sagatop(["snapshot", "--from", path, "--at", "noon"], environment: environment).code == 64)
    #expect(try Run.sagatop(["snapshot", "--from", "/nonexistent"], environment: environment).code == 66)
  }

  @Test("after a signal the recording is complete; a kill, a full disk or a full file keep what was written before")
  func ends() throws {
    let demo = try shop()
    let environment = ["SAGATOP_CONFIG": demo.configuration]
    let record = "exec \(Binaries.sagatop) record '\(folder.path)/$0'"
    let cases: [(name: String, words: [String], code: Int32)] = [
      ("term.jsonl", ["timeout", "--preserve-status", "-s", "TERM", "4", "sh", "-c", record], 0),
      ("int.jsonl.zst", ["timeout", "--preserve-status", "-s", "INT", "4", "sh", "-c", record], 0),
      ("kill.jsonl.zst", ["timeout", "-s", "KILL", "4", "sh", "-c", record], 137),
      ("disk.jsonl", ["timeout", "20", "sh", "-c", "ulimit -f 600; \(record)"], 74),
      ("disk.jsonl.zst", ["timeout", "30", "sh", "-c", "ulimit -f 100; \(record)"], 74),
      ("full.jsonl", ["timeout", "20", "sh", "-c", "\(record) --max-size 300K"], 0),
    ]
    for (name, words, code) in cases {
      let command = words.dropLast() + [try #require(words.last).replacingOccurrences(of: "$0", with: name)]
      let run = try Run.command("/usr/bin/env", Array(command), environment: environment)
      #expect(run.code == code, "\(name): \(run.code) \(run.errors)")
      let snapshot = try Run.sagatop(["snapshot", "--from", folder.path(name), "-o", "json"], environment: environment)
      #expect(try SnapshotDocument(snapshot.output).items.count > 50, "\(name): \(snapshot.errors)")
    }
    let again = try Run.sagatop(["record", folder.path("term.jsonl")], environment: environment)
    #expect(again.code == 74 && again.errors.contains("already"))
  }

  @Test("the live screen replays it, pauses, seeks back and to the start of a saga, and offers no actions")
  func replay() throws {
    var demo: Demo? = try shop()
    try folder.write(try String(contentsOfFile: #require(demo).configuration, encoding: .utf8), to: "config.yaml")
    let environment = ["SAGATOP_CONFIG": folder.path("config.yaml")]
    let file = folder.path("r.jsonl.zst")
    let run = try Run.sagatop(
      ["record", file, "--for", "4s", "--snapshot", folder.path("r.json")], environment: environment)
    #expect(run.code == 0, "\(run.errors)")
    demo = nil
    let items = try SnapshotDocument(folder.text("r.json")).items
    let latest = try #require(items.compactMap { ($0["id"] as? String).flatMap { Int($0) } }.max())
    let screen = try Tmux("'\(Binaries.sagatop)' replay '\(file)'", columns: 120, environment: environment)
    try screen.wait(for: "×1 ")
    try screen.type("+")
    try screen.wait(for: "×2 ")
    try screen.type("p")
    try screen.wait(for: "paused")
    try screen.type(":seek \(latest)\n")
    try screen.type("/id:\(latest)\n")
    try screen.wait(for: "▷ \(latest)")
    try screen.press("Escape")
    try screen.type("R")
    try screen.wait(for: "a recording: what it shows is over")
    try screen.press("Escape")
    try screen.type(":seek nobody\n")
    try screen.wait(for: "no saga has the id nobody")
    try screen.type("[")
    try screen.wait(for: "No sagas yet")
    try screen.type(":seek +1h\n")
    try screen.wait(for: "the recording ends here")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }
}
