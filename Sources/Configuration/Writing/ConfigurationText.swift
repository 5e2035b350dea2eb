import Core
import Text

/// Writes a tree as YAML, without secrets.
struct ConfigurationText {
  private static let secretKeys = ["password", "bearer", "keypassword", "secret", "authorization", "token"]

  /// `nil` to write no origins.
  let origins: [String]?
  let secrets: Secrets
  var lines: [String] = []

  init(origins: [String]?, secrets: Secrets) {
    self.origins = origins
    self.secrets = secrets
  }

  mutating func write(_ node: YamlNode, depth: Int) {
    for (key, value) in node.members { write(key.scalar ?? "", value, "", depth) }
  }

  /// `dash` is the prefix of a list item.
  private mutating func write(_ name: String, _ value: YamlNode, _ dash: String, _ depth: Int) {
    let head = String(repeating: "  ", count: depth) + dash + YamlText.scalar(name) + ":"
    switch value.content {
    case .null: add("\(head) null", value)
    case .scalar(let text): add("\(head) \(scalar(text, name))", value)
    case .mapping(let members) where members.isEmpty: add("\(head) {}", value)
    case .mapping:
      lines.append(head)
      write(value, depth: depth + 1 + dash.count / 2)
    case .sequence(let items):
      let texts = items.compactMap(\.scalar)
      guard texts.count < items.count else {
        return add("\(head) [\(texts.map { scalar($0, name) }.joined(separator: ", "))]", value)
      }
      lines.append(head)
      for item in items { write(item: item, name, depth + 1 + dash.count / 2) }
    }
  }

  private mutating func write(item: YamlNode, _ name: String, _ depth: Int) {
    let space = String(repeating: "  ", count: depth)
    switch item.content {
    case .null: add("\(space)- null", item)
    case .scalar(let text): add("\(space)- \(scalar(text, name))", item)
    case .mapping(let members):
      if members.isEmpty { add("\(space)- {}", item) }
      for (place, member) in members.enumerated() {
        write(member.key.scalar ?? "", member.value, place == 0 ? "- " : "  ", depth)
      }
    case .sequence(let items):
      add("\(space)- [\(items.compactMap(\.scalar).map { scalar($0, name) }.joined(separator: ", "))]", item)
    }
  }

  private mutating func add(_ line: String, _ node: YamlNode) {
    guard let origins else { return lines.append(line) }
    let mark = node.mark
    let place = mark.line == 0 ? origins[mark.file] : "\(origins[mark.file]):\(mark.line):\(mark.column)"
    let padding = String(repeating: " ", count: max(2, 44 - line.count))
    lines.append("\(line)\(padding)# \(YamlText.comment(place))\(referred(node))")
  }

  /// The variables and files that the node refers to.
  private func referred(_ node: YamlNode) -> String {
    let texts = if case .sequence(let items) = node.content { items.compactMap(\.scalar) } else { [node.scalar ?? ""] }
    let names = texts.flatMap { text in
      text.split(separator: "${").dropFirst(text.hasPrefix("${") ? 0 : 1).compactMap { part -> String? in
        guard let end = part.firstIndex(of: "}") else { return nil }
        let reference = part[..<end].split(separator: ":", maxSplits: 1)
        return reference.count == 2 ? "\(reference[0] == "env" ? "variable" : "file") \(reference[1])" : nil
      }
    }
    return names.isEmpty ? "" : YamlText.comment(", " + names.joined(separator: ", "))
  }

  private func scalar(_ text: String, _ name: String) -> String {
    let isReference = text.hasPrefix("${") && text.hasSuffix("}")
    let lowered = name.lowercased()
    let isSecret = Secrets.isSecret(property: lowered) || Self.secretKeys.contains { lowered.contains($0) }
    if isSecret, !isReference, !text.hasPrefix("/") { return "\"***\"" }
    if let number = Int(text), "\(number)" == text { return text }
    if ["true", "false"].contains(text) { return text }
    return YamlText.scalar(withoutPassword(secrets.mask(text)))
  }

  /// Hides the URL's password, even if it is too short for `Secrets`.
  private func withoutPassword(_ text: String) -> String {
    guard let scheme = text.firstRange(of: "://") else { return text }
    let rest = text[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return text }
    return text[...colon] + "***" + text[at...]
  }
}

/// Writes external texts as YAML that parses to the same text.
enum YamlText {
  /// A plain scalar if that is safe, else a quoted one.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { plain.contains($0) } && text.first?.isLetter == true && !words.contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  static func list(_ texts: [String]) -> String { "[\(texts.map(scalar).joined(separator: ", "))]" }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where isControl(scalar): result += "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// One line, without characters that a terminal may interpret.
  static func comment(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
  }

  /// Line breaks of YAML 1.1 (section 5.4: also U+2028 and U+2029), control characters, and characters that change the text direction.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    controls.contains { $0.contains(scalar.value) }
  }

  private static let controls: [ClosedRange<UInt32>] = [
    0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF...0xFEFF,
  ]

  private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*/".utf8)
  private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"]
}
