import Glibc
import Testing

@testable import TUI

/// Compares frames with recorded pictures. `SAGATOP_RECORD=1 swift test --filter Golden` records them again. Check the output of `git
/// diff` before committing.
enum Golden {
  static var isRecording: Bool { getenv("SAGATOP_RECORD") != nil }

  /// Non-blank rows with their numbers and marked ends, followed by a map of the cells' roles with a letter per role.
  static func picture(_ frame: Frame, hasRoles: Bool) -> String {
    var text = "\(frame.size.columns)x\(frame.size.rows)\n"
    for (y, row) in frame.textRows.enumerated() where row.contains(where: { $0 != " " }) {
      text += "\(number(y))|\(row)|\n"
    }
    guard hasRoles else { return text }
    text += "roles: \(named(in: frame).map { "\(letter($0))=\($0)" }.joined(separator: " "))\n"
    for y in 0..<frame.size.rows {
      let row = (0..<frame.size.columns).map { letter(frame[$0, y].role) }
      if row.contains(where: { $0 != "." }) { text += "\(number(y))|\(String(row))|\n" }
    }
    return text
  }

  /// Roles in the legend. The role `past` is listed only if the frame contains it.
  private static func named(in frame: Frame) -> [StyleRole] {
    let isPast = (0..<frame.size.rows).contains { y in (0..<frame.size.columns).contains { frame[$0, y].role == .past }
    }
    return StyleRole.allCases.filter { $0 != .past || isPast }
  }

  static func check(_ text: String, _ name: String, at location: SourceLocation = #_sourceLocation) {
    let path = "\(folder)/\(name).txt"
    if isRecording {
      #expect(write(text, path), "cannot write \(path)", sourceLocation: location)
      return
    }
    guard let recorded = read(path) else {
      Issue.record("no recording \(name): see Golden", sourceLocation: location)
      return
    }
    let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in 0..<max(old.count, new.count) where line >= old.count || line >= new.count || old[line] != new[line] {
      let was = line < old.count ? old[line] : "nothing"
      let now = line < new.count ? new[line] : "nothing"
      Issue.record("\(name), line \(line + 1):\nwas \(was)\nnow \(now)", sourceLocation: location)
      return
    }
  }

  private static let folder =
    String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex)) + "/Goldens"

  private static func number(_ row: Int) -> String { row < 10 ? "0\(row)" : "\(row)" }

  private static func letter(_ role: StyleRole) -> Character {
    role == .text ? "." : Character(Unicode.Scalar(UInt8(ascii: "a") + role.rawValue - 1))
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ text: String, _ path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    return fwrite(bytes, 1, bytes.count, file) == bytes.count
  }
}
