/// A value of a YAML document, with the place where it stands.
package struct YamlNode: Sendable {
  package struct Mark: Sendable, Equatable, Comparable {
    /// Both count from 1.
    package var line: Int
    package var column: Int

    package static func < (left: Mark, right: Mark) -> Bool {
      (left.line, left.column) < (right.line, right.column)
    }
  }

  package enum Content: Sendable {
    case scalar(String)
    case sequence([YamlNode])
    case mapping([(key: YamlNode, value: YamlNode)])
  }

  package var mark: Mark
  package var content: Content

  package var scalar: String? {
    if case .scalar(let text) = content { text } else { nil }
  }

  /// As an error message names what was found.
  package var kind: String {
    switch content {
    case .scalar(let text): text.isEmpty ? "nothing" : "`\(text.prefix(40))`"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
