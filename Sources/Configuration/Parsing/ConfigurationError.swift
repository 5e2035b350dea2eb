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
