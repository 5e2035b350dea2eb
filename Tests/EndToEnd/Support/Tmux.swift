import Foundation

/// A program in a private tmux server. Tests read its screen and send keys.
final class Tmux {
  private let socket = FileManager.default.temporaryDirectory.appendingPathComponent(
    "sagatop-tmux-\(UUID().uuidString.prefix(8))")
  private let exitFile = FileManager.default.temporaryDirectory.appendingPathComponent(
    "sagatop-exit-\(UUID().uuidString)")

  /// Starts a shell command line in a window of the given size.
  init(_ command: String, columns: Int = 100, rows: Int = 30, environment: [String: String] = [:]) throws {
    let variables = environment.map { "\($0.key)='\($0.value)' " }.joined()
    let line = "cd '\(Binaries.root.path)'; \(variables)\(command); echo $? > '\(exitFile.path)'; exec cat"
    try tmux([
      "-f", "/dev/null", "-u", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-s", "main",
      "env LC_ALL=C.UTF-8 TERM=tmux-256color COLORTERM= sh -c \(Self.quoted(line))",
    ])
  }

  deinit {
    _ = try? tmux(["kill-server"])
    // tmux does not remove its socket.
    for file in [exitFile, socket] { try? FileManager.default.removeItem(at: file) }
  }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> Run {
    try Run.command("/usr/bin/env", ["tmux", "-S", socket.path] + arguments)
  }

  var screen: String {
    get throws { try tmux(["capture-pane", "-p", "-t", "main"]).output }
  }

  /// Keys in tmux's notation: `Enter`, `Escape`, `C-l`, or a character.
  func press(_ keys: String...) throws { try tmux(["send-keys", "-t", "main"] + keys) }

  func type(_ text: String) throws { try tmux(["send-keys", "-t", "main", "-l", text]) }

  /// Pastes like a terminal, with bracketed paste if the program has enabled it.
  func paste(_ text: String) throws {
    try tmux(["set-buffer", "-b", "pasted", "--", text])
    try tmux(["paste-buffer", "-p", "-b", "pasted", "-t", "main"])
  }

  func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-t", "main", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// Pid of the window's process.
  var panePID: Int32? {
    get throws { Int32(try tmux(["display-message", "-p", "-t", "main", "#{pane_pid}"]).output.trimmed) }
  }

  /// Waits until a row of the screen contains all words in this order.
  @discardableResult
  func wait(forRow words: String..., within seconds: Double = 30) throws -> String {
    try wait(within: seconds, until: { Self.hasRow($0, words) }, "a line has `\(words.joined(separator: "` and `"))`")
  }

  static func hasRow(_ screen: String, _ words: [String]) -> Bool {
    screen.split(separator: "\n").contains { line in
      var rest = line[...]
      return words.allSatisfy { word in
        guard let place = rest.range(of: word) else { return false }
        rest = rest[place.upperBound...]
        return true
      }
    }
  }

  @discardableResult
  func wait(for text: String, within seconds: Double = 30) throws -> String {
    try wait(within: seconds, until: { $0.contains(text) }, "the screen shows `\(text)`")
  }

  /// Waits until the screen fulfils the condition.
  @discardableResult
  func wait(within seconds: Double = 30, until isSo: (String) -> Bool, _ what: String) throws -> String {
    try eventually(within: seconds, "\(what), but it is:\n\(try screen)") {
      let screen = try screen
      return isSo(screen) ? screen : nil
    }
  }

  /// Waits for the end of the command and returns its exit code.
  func exitCode(within seconds: Double = 20) throws -> Int32 {
    try eventually(within: seconds, "the program ends") {
      (try? String(contentsOf: exitFile, encoding: .utf8)).flatMap { Int32($0.trimmed) }
    }
  }

  private static func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}

extension String {
  var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
