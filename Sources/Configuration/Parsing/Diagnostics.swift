/// Collects the errors and warnings of a file and of those that it includes, so that all of them are reported together.
final class Diagnostics {
  private static let most = 20

  /// By the number in a mark.
  private let files: [String]
  /// The text is made for those that are told: a guess at what was meant is costly, and a file may have thousands of them.
  private var problems: [(mark: YamlNode.Mark, message: () -> String)] = []
  private var doubts: [(mark: YamlNode.Mark, message: String)] = []

  init(files: [String]) {
    self.files = files
  }

  func add(_ mark: YamlNode.Mark, _ message: @escaping () -> String) {
    problems.append((mark, message))
  }

  /// What can be read, and is probably not meant.
  func warn(_ mark: YamlNode.Mark, _ message: String) {
    doubts.append((mark, message))
  }

  /// One line each, in the order of the file, harmless to a terminal.
  var warnings: [String] {
    let sorted = doubts.sorted { $0.mark < $1.mark }
    return ConfigurationError(sorted.prefix(Self.most).map { place($0.mark) + ": \($0.message)" }).problems
  }

  /// Throws when anything was added; in the order of the file.
  func check() throws(ConfigurationError) {
    guard !problems.isEmpty else { return }
    let sorted = problems.sorted { $0.mark < $1.mark }
    var lines = sorted.prefix(Self.most).map { place($0.mark) + ": \($0.message())" }
    if sorted.count > Self.most { lines.append("\(files[0]): and \(sorted.count - Self.most) more") }
    throw ConfigurationError(lines)
  }

  /// `file:line:column`.
  func place(_ mark: YamlNode.Mark) -> String { "\(files[mark.file]):\(mark.line):\(mark.column)" }
}

/// Everything that is wrong with a configuration, each with its place, ready to be shown to the operator.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// One line each, harmless to a terminal.
  package let problems: [String]

  /// What to do instead, a line each.
  package let hints: [String]

  package init(_ problems: [String], hints: [String] = []) {
    self.problems = problems.map(Self.harmless)
    self.hints = hints
  }

  package var description: String { (problems + hints).joined(separator: "\n") }

  /// Files and names come from outside: what a terminal could take for a command is shown by its number.
  private static func harmless(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
