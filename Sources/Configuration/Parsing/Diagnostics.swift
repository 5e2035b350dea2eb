/// Collects the errors and warnings of one file, so that all of them are reported together.
final class Diagnostics {
  private static let most = 20

  let file: String
  /// The text is made for those that are told: a guess at what was meant is costly, and a file may have thousands of them.
  private var problems: [(mark: YamlNode.Mark, message: () -> String)] = []
  private var doubts: [(mark: YamlNode.Mark, message: String)] = []

  init(file: String) {
    self.file = file
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
    if sorted.count > Self.most { lines.append("\(file): and \(sorted.count - Self.most) more") }
    throw ConfigurationError(lines)
  }

  /// `file:line:column`.
  func place(_ mark: YamlNode.Mark) -> String { "\(file):\(mark.line):\(mark.column)" }
}

/// Everything that is wrong with a configuration, each with its place, ready to be shown to the operator.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// One line each, harmless to a terminal.
  package let problems: [String]

  package init(_ problems: [String]) {
    self.problems = problems.map(Self.harmless)
  }

  package var description: String { problems.joined(separator: "\n") }

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
