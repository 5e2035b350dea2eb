import Core
import Glibc
import Reports
import TUI

/// `$XDG_STATE_HOME/sagatop`: preferences of the live screen, and saved screen images.
enum StateFolder {
  struct Saved {
    var text: String
    var isError = false
  }

  private static let longest = 1 << 20

  /// `nil` if neither XDG_STATE_HOME nor HOME is set.
  static var path: String? {
    ActionWiring.auditPath(Environment.all).map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.endIndex)) }
  }

  /// Defaults if the file cannot be read.
  static func preferences() -> ViewPreferences {
    guard let path, let text = read("\(path)/views.json") else { return ViewPreferences() }
    return ViewPreferences(parsing: text)
  }

  /// Returns an error text, or `nil` on success.
  static func keep(_ preferences: ViewPreferences) -> String? {
    guard let path = folder("") else { return "not kept: neither XDG_STATE_HOME nor HOME names a folder" }
    if case .failure(let error) = AtomicFile.write(preferences.text, to: "\(path)/views.json") {
      return "not kept: \(error.message)"
    }
    return nil
  }

  /// Saves the frame as SVG, as text, and as text with colours.
  static func save(_ frame: Frame, of view: String, theme: Theme, now: Timestamp) -> Saved {
    guard let folder = folder("/screens") else {
      return Saved(text: "no picture: neither XDG_STATE_HOME nor HOME names a folder", isError: true)
    }
    let time = now.iso8601.prefix(19).replacing("-", with: "").replacing(":", with: "")
    let name = "\(folder)/\(time)-\(view)"
    let parts = [("svg", frame.svg(theme: theme)), ("txt", frame.text), ("ansi", frame.ansiText(theme: theme))]
    for (ending, text) in parts {
      if case .failure(let error) = AtomicFile.write(text, to: "\(name).\(ending)") {
        return Saved(text: "no picture: \(error.message)", isError: true)
      }
    }
    return Saved(text: "written: \(short(name)).svg .txt .ansi")
  }

  private static func short(_ path: String) -> String {
    guard let home = Environment.all["HOME"], !home.isEmpty, path.hasPrefix(home + "/") else { return path }
    return "~" + path.dropFirst(home.count)
  }

  /// Creates the folder if it is missing, accessible only to its owner.
  private static func folder(_ below: String) -> String? {
    guard let path else { return nil }
    var made = ""
    for part in (path + below).split(separator: "/") {
      made += "/\(part)"
      mkdir(made, 0o700)
    }
    return path + below
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: longest)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
