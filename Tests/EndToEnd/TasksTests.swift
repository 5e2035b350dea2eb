import Foundation
import Testing

/// Typical tasks of operators. Each needs at most five keys, not counting typed names.
@Suite("Operators' tasks on the live screen", .serialized)
struct TasksTests {
  private let home = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-tasks-\(UUID().uuidString)")

  @Test("during an outage the overview shows cause and advice, and each question has a key")
  func outage() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 8 --fault payment-down@5 -- '\(Binaries.sagatop)'", columns: 120, rows: 40,
      environment: ["XDG_STATE_HOME": home.path])
    // Without any key: the problem, its effects, and the advice.
    try screen.wait(for: "▲ CRITICAL", within: 90)
    try screen.wait(forRow: "payment-service is down", "→", within: 60)
    try screen.wait(for: "wait at payment", within: 60)
    try screen.wait(for: "✚ bring payment-service back")
    // Why is the saga stuck?
    try screen.press("w")
    try screen.wait(forRow: "1 payment-service is down", "almost certain")
    try screen.wait(forRow: "→", "waits for payment")
    try screen.press("Escape")
    // What changed?
    try screen.press("c")
    try screen.wait(for: "what changed in the last 5m")
    try screen.wait(forRow: "service", "payment-service is down, was")
    try screen.press("Escape")
    // Is it safe to deploy?
    try screen.type(":ready\n")
    try screen.wait(for: "safe to deploy: no, because")
    // List only the sagas of the first cause.
    try screen.press("f")
    try screen.wait(for: "filter: status:stuck type:order step:payment")
    try screen.press("Escape")
    // Show the last payload.
    try screen.press("3", "Enter")
    try screen.wait(forRow: "\"orderId\":")
    try screen.press("Escape")
    // Save the picture.
    try screen.press("1", "C-s")
    try screen.wait(for: "written: \(home.path)/sagatop/screens/")
    let files = try FileManager.default.contentsOfDirectory(atPath: home.path + "/sagatop/screens")
    #expect(Set(files.map { String($0.split(separator: ".").last ?? "") }) == ["svg", "txt", "ansi"])
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("a slow node is shown in the overview, and its factor in the nodes view")
  func slowNode() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 12 --fault slow-node@1 -- '\(Binaries.sagatop)'", columns: 120, rows: 40,
      environment: ["XDG_STATE_HOME": home.path])
    try screen.wait(forRow: "node-1 is slow: inventory takes", "on its peers", within: 90)
    try screen.type("7")
    let nodes = try screen.wait(forRow: "node-1", "slow")
    #expect(!nodes.contains("skewed"))
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("retrying all sagas with one cause: f R ^A, and the confirmation")
  func retryAll() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 8 --fault payment-flaky@2 --fault payment-steady@12 -- '\(Binaries.sagatop)'",
      columns: 120, rows: 40, environment: ["XDG_STATE_HOME": home.path])
    // The gateway works again. The sagas lost in the meantime have the same cause.
    try screen.wait(forRow: "did not answer", "wait at payment", within: 60)
    try screen.wait(for: "sagas are stuck", within: 60)
    try screen.type("f")
    try screen.wait(for: "filter: status:stuck type:order step:payment")
    try screen.type("R")
    try screen.wait(for: "[ retry ]")
    try screen.press("C-a")
    // The number of lost sagas depends on the machine. For more than twenty, the dialog requires their number.
    let dialog = try screen.wait(
      until: { $0.contains("retry them? y/N") || $0.contains(" to retry: ") }, "it asks about all of them")
    let count = try #require(dialog.firstMatch(of: /retry (\d+) sagas in demo/)?.1)
    try screen.type(dialog.contains("y/N") ? "y" : "\(count)\n")
    try screen.wait(for: "settled", within: 60)
    try screen.wait(for: "✔ observed in ", within: 60)
    try screen.press("Escape")
    try screen.type("q")
  }

  @Test("[ goes back to before the fault, with the groups and filters of that time; L returns to live")
  func timeTravel() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 8 --fault payment-down@25 -- '\(Binaries.sagatop)'", columns: 120, rows: 40,
      environment: ["XDG_STATE_HOME": home.path])
    try screen.press("[")
    try screen.wait(for: "no picture of the past yet")
    try screen.wait(for: "▲ CRITICAL", within: 90)
    try screen.wait(forRow: "payment-service is down", "→", within: 60)
    // Pictures are ten seconds apart, and the fault is little more than thirty seconds old.
    var shown = ""
    for _ in 0..<20 {
      try screen.press("[")
      let earlier = shown
      let picture = try screen.wait(
        until: { ($0.contains(" PAST ") && Self.clock($0) != earlier) || $0.contains("the oldest picture is of") },
        "an older picture")
      shown = Self.clock(picture)
      if picture.contains(" PAST "), !picture.contains("payment-service is down") { break }
    }
    let calm = try screen.wait(forRow: "the past, ", "ago: [ and ] step, L is live")
    #expect(!calm.contains("payment-service is down") && !calm.contains("CRITICAL"))
    try screen.type("R")
    try screen.wait(for: "this is the past: press L to return to live first")
    try screen.type("4")
    try screen.wait(forRow: "payment-service", "ok", "3")
    try screen.type("2/type:order\n")
    try screen.wait(for: "filter: type:order")
    try screen.press("Escape")
    try screen.type(":past 8h\n")
    try screen.wait(for: "the oldest picture is of")
    try screen.type("1L")
    try screen.wait(until: { !$0.contains(" PAST ") && $0.contains("payment-service is down") }, "it is live again")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  /// The displayed past time.
  private static func clock(_ screen: String) -> String {
    screen.firstMatch(of: /PAST (\d\d:\d\d:\d\d)/).map { String($0.1) } ?? ""
  }

  @Test("selected columns are restored at the next start")
  func columns() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    for isFirst in [true, false] {
      let screen = try Tmux(
        "'\(Binaries.demo)' --seed 7 --rate 5 -- '\(Binaries.sagatop)'", columns: 120, rows: 30,
        environment: ["XDG_STATE_HOME": home.path])
      if isFirst {
        try screen.wait(forRow: "SAGA", "TIMELINE")
        try screen.type(":columns step,saga,updated\n")
      }
      try screen.wait(forRow: "STEP", "SAGA", "UPDATED")
      try screen.type("q")
      #expect(try screen.exitCode() == 0)
    }
  }
}
