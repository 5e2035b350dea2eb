import Foundation
import Testing

@Suite("The live screen in a real terminal", .serialized)
struct LiveScreenTests {
  private func demo(_ options: String, columns: Int = 120, rows: Int = 30) throws -> Tmux {
    try Tmux("'\(Binaries.demo)' --seed 7 \(options) -- '\(Binaries.sagatop)'", columns: columns, rows: rows)
  }

  @Test("a saga completes, one is compensated, one is stuck while payment is down and continues when it returns")
  func lifeOfSagas() throws {
    let screen = try demo("--rate 5 --fault stock-out@3 --fault payment-down@6 --fault payment-up@30")
    try screen.wait(forRow: "✔ completed", "delivery")
    try screen.type("/status:compensated\n")
    try screen.wait(forRow: "↩ compensated", "inventory", within: 60)
    try screen.press("Escape")
    try screen.wait(until: { !$0.contains("filter: ") }, "the filter is gone")
    try screen.type("/status:stuck\n")
    let stuck = try screen.wait(forRow: "▲ stuck ", " payment ", within: 60)
    let row = try #require(stuck.split(separator: "\n").first { $0.contains("▲ stuck ") && $0.contains(" payment ") })
    let id = String(try #require(row.split(whereSeparator: { !$0.isNumber }).first { $0.count == 4 }))
    try screen.press("Escape")
    try screen.wait(until: { !$0.contains("filter: ") }, "the filter is gone")
    try screen.type("/id:\(id)\n")
    try screen.wait(
      until: { $0.contains("filter: id:\(id)") && Tmux.hasRow($0, ["✔ completed", "delivery"]) }, "it goes on")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("Enter opens a saga's timeline and its payloads, Esc goes back, q ends the program")
  func timeline() throws {
    let screen = try demo("--rate 5 --orders 20")
    try screen.wait(forRow: "✔ completed", "delivery")
    try screen.type("/status:completed\n")
    try screen.wait(for: "filter: status:completed")
    try screen.press("Enter")
    try screen.wait(for: "steps")
    try screen.wait(for: "delivery-completed")
    try screen.press("End", "Enter")
    try screen.wait(for: "\"deliveryId\"")
    try screen.press("Escape")
    try screen.wait(for: "TIMELINE")
    try screen.type("?")
    try screen.wait(for: "keys in the lists")
    try screen.press("Escape")
    try screen.wait(until: { !$0.contains("keys in the lists") }, "the help is closed")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("it adapts to any window size, and shows when the window is too small")
  func resizing() throws {
    let screen = try demo("--rate 5", columns: 100, rows: 30)
    try screen.wait(for: "TIMELINE")
    try screen.resize(columns: 20, rows: 5)
    try screen.wait(for: "60x12")
    try screen.resize(columns: 200, rows: 50)
    try screen.wait(for: "TIMELINE")
    try screen.resize(columns: 60, rows: 12)
    try screen.wait(for: "SAGA")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("^C exits with 130 and restores the terminal")
  func interrupt() throws {
    let screen = try Tmux(
      "stty -g > '\(before.path)'; '\(Binaries.sagatop)' --brokers 127.0.0.1:1 --preset spring; code=$?; "
        + "stty -g > '\(after.path)'; sh -c \"exit $code\"")
    defer { for file in [before, after] { try? FileManager.default.removeItem(at: file) } }
    try screen.wait(for: "trying again")
    try screen.press("C-c")
    #expect(try screen.exitCode() == 130)
    #expect(try String(contentsOf: before, encoding: .utf8) == String(contentsOf: after, encoding: .utf8))
  }

  private let before = FileManager.default.temporaryDirectory.appendingPathComponent("stty-before-\(UUID().uuidString)")
  private let after = FileManager.default.temporaryDirectory.appendingPathComponent("stty-after-\(UUID().uuidString)")

  @Test("an unreachable broker is shown with the reason, and the screen starts immediately")
  func noBroker() throws {
    let screen = try Tmux("'\(Binaries.sagatop)' --brokers 127.0.0.1:1 --preset spring")
    let text = try screen.wait(for: "trying again")
    #expect(text.contains("127.0.0.1:1"))
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("without a UTF-8 locale it draws with ASCII")
  func ascii() throws {
    let screen = try Tmux(
      "'\(Binaries.demo)' --rate 5 -- '\(Binaries.sagatop)'", columns: 100, rows: 30, environment: ["LC_ALL": "C"])
    let text = try screen.wait(for: "completed")
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }
}
