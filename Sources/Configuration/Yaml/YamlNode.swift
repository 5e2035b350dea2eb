import Text

/// A YAML node with its position.
package struct YamlNode: Sendable {
  package struct Mark: Sendable, Equatable, Comparable {
    /// Line and column start at 1. Columns count characters.
    package var line: Int
    package var column: Int
    /// Index of the file, if several files are read together.
    package var file = 0

    package static let start = Mark(line: 1, column: 1)

    package static func < (left: Mark, right: Mark) -> Bool {
      (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
  }

  package enum Content: Sendable {
    /// An empty value, or a plain `~` or `null`.
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

  /// The scalar if it consists of at most 40 letters, digits, `_`, `.` and `-`. Any file may be given as a configuration, so an error
  /// message quotes no other key.
  var plainName: String? {
    guard let scalar, (1...40).contains(scalar.utf8.count) else { return nil }
    let isPlain = scalar.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "_.-".unicodeScalars.contains($0))
    }
    return isPlain && !LiteralSecrets.isFound(in: scalar) ? scalar : nil
  }

  /// The members of a mapping. Empty for other nodes.
  var members: [(key: YamlNode, value: YamlNode)] {
    if case .mapping(let members) = content { members } else { [] }
  }

  /// The value of a mapping's key.
  subscript(name: String) -> YamlNode? { members.first { $0.key.scalar == name }?.value }

  /// The same node with its file index replaced.
  func moved(to file: Int) -> YamlNode {
    var node = self
    node.mark.file = file
    switch content {
    case .null, .scalar: break
    case .sequence(let items): node.content = .sequence(items.map { $0.moved(to: file) })
    case .mapping(let members):
      node.content = .mapping(members.map { ($0.key.moved(to: file), $0.value.moved(to: file)) })
    }
    return node
  }

  /// Merges this node over `base`: mappings are merged key by key, any other node replaces the base.
  func laid(over base: YamlNode) -> YamlNode {
    guard case .mapping(var members) = base.content, case .mapping(let own) = content else { return self }
    for member in own {
      if let place = members.firstIndex(where: { $0.key.scalar == member.key.scalar }) {
        members[place] = (member.key, member.value.laid(over: members[place].value))
      } else {
        members.append(member)
      }
    }
    return YamlNode(mark: mark, content: .mapping(members))
  }

  /// The kind without the content, because the content may be a password.
  package var shape: String { if let scalar, !scalar.isEmpty { "a text" } else { kind } }

  /// The description for error messages.
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

/// Parses a YAML file with one document and reports configuration errors.
package enum YamlDocument {
  /// `file` is the name used in errors.
  package static func root(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> YamlNode {
    do throws(YamlParser.Failure) {
      if let node = try YamlParser.parse(bytes) { return node }
    } catch {
      throw ConfigurationError(["\(file):\(error.mark.line):\(error.mark.column): \(error.message)"])
    }
    throw ConfigurationError(["\(file):1:1: expected a mapping, found nothing"])
  }
}
