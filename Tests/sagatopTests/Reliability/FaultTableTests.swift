import Foundation
import Testing

/// Checks the second part of docs/reliability.md: each fault names an existing test or script. `HostileServersTests` checks the cells about
/// servers that send wrong data; the text of the other cells is not checked.
@Suite("The table of faults")
struct FaultTableTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func rows(_ text: Substring) -> [[String]] {
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    return lines.filter { !$0.hasPrefix("| situation |") && !$0.hasPrefix("| fault |") }.map {
      $0.dropFirst().dropLast().components(separatedBy: " | ").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// Text of each suite's file, by the suite's name.
  private static func tests() throws -> [String: String] {
    let folder = root.appendingPathComponent("Tests")
    let files =
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return try files.filter { $0.lastPathComponent.hasSuffix("Tests.swift") }.reduce(into: [:]) {
      $0[$1.deletingPathExtension().lastPathComponent] = try String(contentsOf: $1, encoding: .utf8)
    }
  }

  @Test("the tables have at least eighty rows; each fault names an existing test or script, and no cell is empty")
  func rows() throws {
    let page = try String(contentsOf: Self.root.appendingPathComponent("docs/reliability.md"), encoding: .utf8)
    let start = try #require(page.range(of: "\n# Faults\n"))
    let end = page[start.upperBound...].range(of: "\n# ")?.lowerBound ?? page.endIndex
    let matrix = Self.rows(page[..<start.lowerBound])
    let faults = Self.rows(page[start.upperBound..<end])
    #expect(matrix.count + faults.count >= 80 && faults.count >= 50)
    let tests = try Self.tests()
    let script = try String(contentsOf: Self.root.appendingPathComponent("scripts/fault"), encoding: .utf8)
    for fault in script.matches(of: /\n    "([a-z-]+)": [a-z_]+,/) {
      #expect(page.contains("`scripts/fault \(fault.1)` |"), "the page has no row of \(fault.1)")
    }
    for row in faults {
      #expect(row.count == 5 && row.allSatisfy { !$0.isEmpty }, "\(row)")
      let command = row[4].replacingOccurrences(of: "`", with: "")
      if command.hasPrefix("scripts/fault ") {
        let fault = command.dropFirst("scripts/fault ".count)
        #expect(script.contains("\n    \"\(fault)\": "), "\(command) is no fault")
      } else {
        let name = command.components(separatedBy: "/")
        let source = tests[name[0]] ?? ""
        #expect(name.count == 2 && source.contains("func \(name.last ?? "")("), "\(command) is no test")
      }
    }
  }
}
