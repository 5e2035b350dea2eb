import Core
import Glibc
import Reports
import TUI

/// What the live screen keeps between two runs, and the pictures that it writes: `$XDG_STATE_HOME/sagatop`.
enum StateFolder {
  struct Saved {
    var text: String
    var isError = false
  }

  private static let longest = 1 << 20

  /// `nil` without a home.
  static var path: String? {
    ActionWiring.auditPath(Environment.all).map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.endIndex)) }
  }

  /// What cannot be read counts as nothing.
  static func preferences() -> ViewPreferences {
    guard let path, let text = read("\(path)/views.json") else { return ViewPreferences() }
    return ViewPreferences(parsing: text)
  }

  /// Why it cannot be kept; `nil` where it is.
  static func keep(_ preferences: ViewPreferences) -> String? {
    if case .failure(let error) = folder("").flatMap({ AtomicFile.write(preferences.text, to: "\($0)/views.json") }) {
      return "not kept: \(error.message)"
    }
    return nil
  }

  /// The frame as SVG, as text, and as text with colours.
  static func save(_ frame: Frame, of view: String, theme: Theme, now: Timestamp) -> Saved {
    let time = now.iso8601.prefix(19).replacing("-", with: "").replacing(":", with: "")
    let parts = [("svg", frame.svg(theme: theme)), ("txt", frame.text), ("ansi", frame.ansiText(theme: theme))]
    let name = folder("/screens").map { "\($0)/\(time)-\(view)" }
    for (ending, text) in parts {
      if case .failure(let error) = name.flatMap({ AtomicFile.write(text, to: "\($0).\(ending)") }) {
        return Saved(text: "no picture: \(error.message)", isError: true)
      }
    }
    return Saved(text: "written: \(short((try? name.get()) ?? "")).svg .txt .ansi")
  }

  private static func short(_ path: String) -> String {
    guard let home = Environment.all["HOME"], !home.isEmpty, path.hasPrefix(home + "/") else { return path }
    return "~" + path.dropFirst(home.count)
  }

  /// Made where it is not there, for its owner alone.
  private static func folder(_ below: String) -> Result<String, AtomicFile.Failure> {
    guard let path else { return .failure(.init(message: "neither XDG_STATE_HOME nor HOME names a folder")) }
    var made = ""
    for part in (path + below).split(separator: "/") {
      made += "/\(part)"
      if mkdir(made, 0o700) != 0, errno != EEXIST {
        return .failure(.init(message: "\(made): cannot be made: \(String(cString: strerror(errno)))"))
      }
    }
    return .success(path + below)
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: longest)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
