import Foundation
import Testing

@Suite("Terminal behaviour", .serialized)
struct TerminalTests {
  private let program = "'\(Binaries.sagatop)' --brokers 127.0.0.1:1 --preset spring"

  @Test(
    "for any end of the program the terminal is restored, and a line shows the reason",
    arguments: [
      (SIGTERM, "ended by SIGTERM"), (SIGINT, "ended by SIGINT"),
      (SIGQUIT, "ended by SIGQUIT"), (SIGABRT, "crashed (SIGABRT)"), (SIGSEGV, "crashed (SIGSEGV)"),
      (SIGSYS, "crashed (SIGSYS)"), (SIGUSR1, "ended by SIGUSR1"), (SIGUSR2, "ended by SIGUSR2"),
      (SIGALRM, "ended by SIGALRM"), (SIGVTALRM, "ended by SIGVTALRM"), (SIGPROF, "ended by SIGPROF"),
      (SIGIO, "ended by SIGIO"), (SIGPWR, "ended by SIGPWR"), (SIGXCPU, "ended by SIGXCPU"),
      (40, "ended by a real-time signal"),
    ])
  func ended(signal: Int32, message: String) throws {
    let run = try TerminalRun(program)
    try run.terminal.wait(for: "No sagas yet")
    #expect(kill(try run.pid, signal) == 0)
    #expect(try run.terminal.exitCode() == 128 + signal)
    let text = try run.terminal.wait(for: "AFTER")
    #expect(text.contains("BEFORE") && !text.contains("No sagas yet"))
    #expect(text.contains("sagatop: \(message)"))
    #expect(try run.isAsBefore)
  }

  @Test(
    "a terminal that cannot show a screen gets one sentence with an alternative",
    arguments: [
      ("TERM=dumb", "", "TERM=dumb cannot show a screen"), ("TERM=nosuch", "", "TERM=nosuch is not known here"),
      ("TERM=", "", "TERM is not set"), ("TERM=xterm", "</dev/null", "standard input is no terminal"),
      ("TERM=xterm", ">/dev/null", "standard output is no terminal"),
      ("TERM=xterm", "<&-", "standard input is no terminal"),
      ("TERM=xterm", ">&-", "standard output is no terminal"),
    ])
  func unable(variable: String, redirection: String, reason: String) throws {
    let run = try TerminalRun("env \(variable) \(program) \(redirection)")
    #expect(try run.terminal.exitCode() == 78)
    let text = try run.terminal.wait(for: "AFTER")
    #expect(text.contains(reason) && text.contains("`sagatop snapshot`") && text.contains("BEFORE"))
    #expect(text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }.count <= 4)
    #expect(try run.isAsBefore)
  }

  @Test(
    "every common terminal shows the screen, and its last row is free afterwards",
    arguments: ["xterm", "xterm-256color", "linux", "screen", "tmux", "vt100", "vt220", "rxvt"])
  func terminals(name: String) throws {
    let run = try TerminalRun("env TERM=\(name) \(program)")
    let text = try run.terminal.wait(for: "No sagas yet")
    #expect(text.contains("sagatop  127.0.0.1:1") && text.contains("q quit"))
    try run.terminal.type("q")
    #expect(try run.terminal.exitCode() == 0)
    let after = try run.terminal.wait(for: "AFTER")
    #expect(after.split(separator: "\n").contains { $0.trimmingCharacters(in: .whitespaces) == "AFTER" })
    #expect(try run.isAsBefore)
  }

  @Test("^Z returns to the shell, fg restores the screen")
  func suspended() throws {
    let terminal = try Tmux("env PS1='ready: ' bash --norc --noprofile -i")
    try terminal.wait(for: "ready:")
    try terminal.type("\(program)\n")
    try terminal.wait(for: "No sagas yet")
    try terminal.press("C-z")
    try terminal.wait(
      until: { $0.contains("Stopped") && !$0.contains("No sagas yet") }, "the shell has its screen back")
    try terminal.type("stty | grep -c -e -echo -e raw; echo $((40 + 2))\n")
    try terminal.wait(until: { $0.contains("\n0\n42") }, "what is typed is seen")
    try terminal.resize(columns: 70, rows: 20)
    try terminal.type("fg\n")
    try terminal.wait(
      until: { $0.contains("No sagas yet") && $0.split(separator: "\n").first?.hasSuffix("? help") == true },
      "the screen is back in its new size")
    try terminal.type("q")
    try terminal.wait(until: { !$0.contains("No sagas yet") }, "the screen is closed")
    try terminal.type("exit\n")
    #expect(try terminal.exitCode() == 0)
  }

  @Test("^L redraws everything")
  func redrawn() throws {
    let run = try TerminalRun(program)
    try run.terminal.wait(for: "No sagas yet")
    let device = try FileHandle(forWritingTo: URL(fileURLWithPath: run.device))
    // Written repeatedly, because the program may overwrite it.
    try eventually("what another program writes is seen") {
      try device.write(contentsOf: Data("\u{1b}[5;5Hfrom elsewhere".utf8))
      return try run.terminal.screen.contains("from elsewhere") ? true : nil
    }
    try run.terminal.press("C-l")
    try run.terminal.wait(
      until: { !$0.contains("from elsewhere") && $0.contains("No sagas yet") }, "the screen is clean")
    try run.terminal.type("q")
    #expect(try run.terminal.exitCode() == 0)
  }

  @Test("it ends when its terminal is closed")
  func hangup() throws {
    var run: TerminalRun? = try TerminalRun(program)
    try run?.terminal.wait(for: "No sagas yet")
    let pid = try #require(try run?.pid)
    run = nil
    _ = try eventually(within: 10, "sagatop ends") { kill(pid, 0) != 0 && errno == ESRCH ? true : nil }
  }

  @Test(
    "characters that the locale cannot encode become one question mark per column",
    arguments: [("C.UTF-8", "한국"), ("C", "????")])
  func locale(name: String, shown: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-locale-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("contexts: {한국: {preset: spring, kafka: {brokers: '127.0.0.1:1'}}}".utf8).write(to: file)
    let run = try TerminalRun("env LC_ALL=\(name) SAGATOP_CONFIG='\(file.path)' '\(Binaries.sagatop)'")
    let text = try run.terminal.wait(for: "No sagas yet")
    #expect(text.contains("sagatop  \(shown) "))
    try run.terminal.type("q")
    #expect(try run.terminal.exitCode() == 0)
  }
}
