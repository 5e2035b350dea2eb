/// Everything that is wrong with a configuration, each with its place, ready to be shown to the operator.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  package var problems: [String]

  package init(_ problems: [String]) {
    self.problems = problems
  }

  package var description: String { problems.joined(separator: "\n") }
}
