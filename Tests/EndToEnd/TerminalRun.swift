import Foundation

/// A program in a terminal, with the terminal's settings before and after.
final class TerminalRun {
  let terminal: Tmux
  private let folder: URL

  /// Prints BEFORE, runs the command line, prints AFTER.
  init(_ command: String) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-terminal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.path
    terminal = try Tmux(
      "{ echo BEFORE; tty > '\(path)/tty'; stty -g > '\(path)/before'; "
        + "sh -c 'echo $$ > \(path)/pid; exec \"$@\"' - sh -c \(Self.quoted("exec " + command)); code=$?; "
        + "stty -g > '\(path)/after'; echo AFTER; (exit $code); }")
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  var pid: pid_t {
    get throws {
      try eventually("the program's pid is known") { try Int32(text("pid")) }
    }
  }

  var device: String {
    get throws { try text("tty") }
  }

  /// Whether the terminal's settings were restored.
  var isAsBefore: Bool {
    get throws { try text("before") == text("after") && !text("after").isEmpty }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8).trimmed
  }

  private static func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
