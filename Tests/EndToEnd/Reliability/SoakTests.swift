import Foundation
import TestRandom
import Testing

/// Parameters of `make soak`.
private enum SoakSettings {
  static let minutes = Double(ProcessInfo.processInfo.environment["SAGATOP_SOAK"] ?? "") ?? 0
  static let seed = UInt64(ProcessInfo.processInfo.environment["SAGATOP_SEED"] ?? "") ?? 1
}

/// `make soak MINUTES=5`: runs the live screen and a repeated snapshot on a shop with 500 events per second and a new fault every few
/// seconds. Keys and window sizes are random.
@Suite("Soak test", .enabled(if: SoakSettings.minutes > 0))
struct SoakTests {
  /// Orders per second. Each order has about five events.
  private static let rate = 100
  private static let faults = [
    ("payment-down", "payment-up"), ("stock-out", "stock-back"), ("slow-inventory", "inventory-normal"),
    ("duplicates", "no-duplicates"),
    ("reorder", "no-reorder"), ("node-lost", "node-back"), ("lock-leak", "lock-freed"),
    ("payment-flaky", "payment-steady"),
    ("circuit-open", "circuit-closed"),
  ]
  /// Keys that navigate, open, sort and search, but do not end the program or act on the shop.
  private static let keys =
    Array("123456789jjjkkhlgGnN<>I vUwzzt[]fiTm").map(String.init)
    + [
      "Enter", "Enter", "Escape", "Escape", "Tab", "BTab", "Up", "Down", "PageUp", "PageDown", "Home", "End", "C-d",
      "C-u", "C-l", "?",
    ]

  /// Resources of a process according to /proc.
  private struct Use {
    var kilobytes = 0
    var descriptors = 0
    var threads = 0

    init(of pid: Int32) throws {
      let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
      func number(_ name: String) -> Int {
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
      }
      (kilobytes, threads) = (number("VmRSS"), number("Threads"))
      descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }
  }

  @Test("no crash; memory, descriptors and threads are stable, and the result agrees with the ledger")
  func soak() throws {
    print("seed \(SoakSettings.seed), \(SoakSettings.minutes) minutes")
    var random = SeededRandom(seed: SoakSettings.seed)
    let folder = try Folder()
    let demo = try Demo(["--rate", "\(Self.rate)", "--broker", "noida"] + schedule(&random))
    let configuration = try String(contentsOfFile: demo.configuration, encoding: .utf8)
    // The limits are reached within two minutes, so later growth is a leak.
    try folder.write("retention: 30s\nmaxSagas: 5000\npayloadMegabytes: 4\n" + configuration, to: "config.yaml")
    let words = "'\(Binaries.sagatop)' -c '\(folder.path("config.yaml"))'"
    let screen = try Tmux("exec \(words)", columns: 120, rows: 30)
    let watch = try RunningProgram(
      "/bin/sh",
      [
        "-c",
        "echo $$ > '\(folder.path("pid"))'; exec \(words) snapshot --watch 5s -o json --to '\(folder.path("last"))'",
      ])
    try screen.wait(for: "TIMELINE", within: 60)
    let pids = [
      try #require(try screen.panePID),
      try eventually("its pid") { (try? folder.text("pid")).flatMap { Int32($0.trimmed) } },
    ]
    let uses = try use(pids, screen, &random)
    for (place, name) in ["the screen", "the snapshots"].enumerated() { check(uses.map { $0[place] }, name) }
    try hold(folder, demo)
    watch.send(SIGTERM)
    _ = try watch.end()
  }

  /// A fault starts every five to fifteen seconds and ends some seconds later. No fault is active during the last twenty seconds.
  private func schedule(_ random: inout SeededRandom) -> [String] {
    var (words, at) = ([String](), 5)
    let end = Int(SoakSettings.minutes * 60) - 30
    while at < end {
      let (begin, stop) = Self.faults[Int(random.next() % UInt64(Self.faults.count))]
      let length = 3 + Int(random.next() % 8)
      words += ["--fault", "\(begin)@\(at)", "--fault", "\(stop)@\(min(end, at + length))"]
      at += length + 5 + Int(random.next() % 5)
    }
    return words
  }

  /// Presses keys until the time is over. Returns the resources of both processes, sampled every few seconds.
  private func use(_ pids: [Int32], _ screen: Tmux, _ random: inout SeededRandom) throws -> [[Use]] {
    let end = Date().addingTimeInterval(SoakSettings.minutes * 60)
    var (uses, next) = ([[Use]](), Date())
    while Date() < end {
      for _ in 0..<5 { try screen.press(Self.keys[Int(random.next() % UInt64(Self.keys.count))]) }
      if random.next() % 20 == 0 {
        try screen.resize(columns: 40 + Int(random.next() % 160), rows: 8 + Int(random.next() % 50))
      }
      _ = poll(nil, 0, 100)
      guard Date() >= next else { continue }
      next = Date().addingTimeInterval(2)
      uses.append(try pids.map(Use.init))
    }
    return uses
  }

  /// Compares the last third of the samples with the second third. During the first third the store fills up. Of the parts with a limit, only the
  /// pictures of the past still grow then, by one every ten seconds until there are 120.
  private func check(_ uses: [Use], _ name: String) {
    let third = uses.count / 3
    let (before, after) = (uses[third..<2 * third], uses[(2 * third)...])
    func most(_ uses: ArraySlice<Use>, _ value: (Use) -> Int) -> Int { uses.map(value).max() ?? 0 }
    for use in uses.enumerated().filter({ $0.offset % max(1, third / 4) == 0 }).map(\.element) {
      print("\(name): \(use)")
    }
    let (was, grown) = (most(before, \.kilobytes), most(after, \.kilobytes))
    #expect(grown < was + was / 10 + 4096, "\(name): \(was) KB, then \(grown) KB")
    #expect(most(after, \.descriptors) <= most(before, \.descriptors) + 4, "\(name)")
    #expect(most(after, \.threads) <= most(before, \.threads) + 2, "\(name)")
  }

  /// Checks that a snapshot after the run agrees with the ledger and that both programs still run.
  private func hold(_ folder: Folder, _ demo: Demo) throws {
    let end = Date().timeIntervalSince1970 * 1000
    let document = try eventually(within: 60, "a whole snapshot after the end") { () -> SnapshotDocument? in
      let document = (try? folder.text("last")).flatMap { try? SnapshotDocument($0) }
      return document.flatMap { $0.isComplete && $0.takenAt > end ? $0 : nil }
    }
    // The demo writes the ledger shortly after the events.
    _ = poll(nil, 0, 1000)
    let wrong = ShopLedger.differences(document, try demo.ledger)
    #expect(document.items.count > 500)
    #expect(wrong.isEmpty, "\(wrong.count) of \(document.items.count): \(wrong.prefix(3))")
  }
}
