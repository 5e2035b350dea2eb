/// A value of a YAML document, with the place where it stands.
package struct YamlNode: Sendable {
  package struct Mark: Sendable, Equatable, Comparable {
    /// Both count from 1; columns count characters.
    package var line: Int
    package var column: Int
    /// Its place among the files that are read together.
    package var file = 0

    package static let start = Mark(line: 1, column: 1)

    package static func < (left: Mark, right: Mark) -> Bool {
      (left.file, left.line, left.column) < (right.file, right.line, right.column)
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

  /// Of a mapping; none of anything else.
  var members: [(key: YamlNode, value: YamlNode)] {
    if case .mapping(let members) = content { members } else { [] }
  }

  /// The value of a mapping's key.
  subscript(name: String) -> YamlNode? { members.first { $0.key.scalar == name }?.value }

  /// The same, of another file among those that are read together.
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

  /// Laid over `base`: mappings are joined key by key, all else takes the place of what was there.
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
