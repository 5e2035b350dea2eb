/// A value of a YAML document, with the place where it stands.
package struct YamlNode: Sendable {
  package struct Mark: Sendable, Equatable, Comparable {
    /// Both count from 1; columns count characters.
    package var line: Int
    package var column: Int

    package static let start = Mark(line: 1, column: 1)

    package static func < (left: Mark, right: Mark) -> Bool {
      (left.line, left.column) < (right.line, right.column)
    }
  }

  package enum Content: Sendable {
    /// Nothing stands there, or a plain `~` or `null`.
    case null
    case scalar(String)
    case sequence([YamlNode])
    case mapping([(key: YamlNode, value: YamlNode)])
  }

  package var mark: Mark
  package var content: Content

  package var scalar: String? {
    if case .scalar(let text) = content { text } else { nil }
  }

  /// Its kind without what stands in it: in place of a mapping there may be a whole password.
  package var shape: String { if let scalar, !scalar.isEmpty { "a text" } else { kind } }

  /// As an error message names what was found.
  package var kind: String {
    switch content {
    case .null: "nothing"
    case .scalar(let text) where Secrets.mayBe(in: text): "a text"
    case .scalar(let text): text.isEmpty ? "an empty text" : "`\(text.prefix(40))\(text.count > 40 ? "…" : "")`"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A YAML file's one document, with errors as configuration tells them.
package enum YamlDocument {
  /// `file` is the name that errors give.
  package static func root(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> YamlNode {
    do throws(YamlParser.Failure) {
      if let node = try YamlParser.parse(bytes) { return node }
    } catch {
      throw ConfigurationError(["\(file):\(error.mark.line):\(error.mark.column): \(error.message)"])
    }
    throw ConfigurationError(["\(file):1:1: expected a mapping, found nothing"])
  }
}
