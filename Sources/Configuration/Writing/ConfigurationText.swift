import Core
import Text

/// Writes a tree as YAML, without secrets.
struct ConfigurationText {
  /// `nil` to write no origins.
  let origins: [String]?
  let secrets: Secrets
  var lines: [String] = []

  init(origins: [String]?, secrets: Secrets) {
    self.origins = origins
    self.secrets = secrets
  }

  mutating func write(_ node: YamlNode) { write(node, depth: 0, within: []) }

  /// `path` are the keys from the root to the node.
  private mutating func write(_ node: YamlNode, depth: Int, within path: [String]) {
    for (key, value) in node.members { write(path + [key.scalar ?? ""], value, "", depth) }
  }

  /// `dash` is the prefix of a list item.
  private mutating func write(_ path: [String], _ value: YamlNode, _ dash: String, _ depth: Int) {
    let head = String(repeating: "  ", count: depth) + dash + YamlText.scalar(path.last ?? "") + ":"
    switch value.content {
    case .null: add("\(head) null", value)
    case .scalar(let text): add("\(head) \(scalar(text, path))", value)
    case .mapping(let members) where members.isEmpty: add("\(head) {}", value)
    case .mapping:
      lines.append(head)
      write(value, depth: depth + 1 + dash.count / 2, within: path)
    case .sequence(let items):
      guard items.contains(where: { $0.scalar == nil }) else { return add("\(head) [\(list(items, path))]", value) }
      lines.append(head)
      for item in items { write(item: item, path, depth + 1 + dash.count / 2) }
    }
  }

  private mutating func write(item: YamlNode, _ path: [String], _ depth: Int) {
    let space = String(repeating: "  ", count: depth)
    switch item.content {
    case .null: add("\(space)- null", item)
    case .scalar(let text): add("\(space)- \(scalar(text, path))", item)
    case .mapping(let members):
      if members.isEmpty { add("\(space)- {}", item) }
      for (place, member) in members.enumerated() {
        write(path + [member.key.scalar ?? ""], member.value, place == 0 ? "- " : "  ", depth)
      }
    case .sequence(let items): add("\(space)- [\(list(items, path))]", item)
    }
  }

  /// The texts may be the words of a command.
  private func list(_ items: [YamlNode], _ path: [String]) -> String {
    let texts = items.compactMap(\.scalar)
    let masked = isSecret(path) ? texts.map { scalar($0, path) } : LiteralSecrets.masked(texts).map { plain($0) }
    return masked.joined(separator: ", ")
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

  private func scalar(_ text: String, _ path: [String]) -> String {
    if ConfigurationSecrets.isReference(text) { return YamlText.scalar(text) }
    if isSecret(path), !ConfigurationSecrets.isTemplate(text, path) { return "\"***\"" }
    if ConfigurationSecrets.isWebhook(path) { return YamlText.scalar(ConfigurationSecrets.hidingPath(of: text)) }
    return plain(LiteralSecrets.masked(text))
  }

  private func isSecret(_ path: [String]) -> Bool {
    ConfigurationSecrets.isSecret(path)
  }

  private func plain(_ text: String) -> String {
    if let number = Int(text), "\(number)" == text { return text }
    if ["true", "false"].contains(text) { return text }
    return YamlText.scalar(secrets.mask(text))
  }
}

/// Where a configuration has secrets.
enum ConfigurationSecrets {
  /// Their keys are names of the watched system.
  private static let ofSystem: Set<String> = ["ids", "fields", "events", "steps", "filters", "words", "keys"]

  /// Whether the value at these keys is a secret whatever its form.
  static func isSecret(_ path: [String]) -> Bool {
    let name = path.last ?? ""
    // The path of the token in the response.
    if path.suffix(2) == ["login", "token"] || path.dropLast().contains(where: ofSystem.contains) { return false }
    if Secrets.isSecret(property: name.lowercased()) || LiteralSecrets.isSecret(name: name) { return true }
    let parent = path.dropLast().last
    if parent == "headers" { return AccessReader.isSecret(header: name) }
    return parent == "body" && path.contains("login") && !APIsReader.isName(name)
  }

  /// Whether an action fills in fields of a saga.
  static func isTemplate(_ text: String, _ path: [String]) -> Bool { path.contains("actions") && text.contains("{") }

  /// A URL of `notify`, whose path often is a secret.
  static func isWebhook(_ path: [String]) -> Bool {
    path == ["notify", "webhook"] || path == ["notify", "webhook", "url"]
  }

  static func hidingPath(of url: String) -> String {
    guard url.contains("://") else { return "***" }
    let server = ServiceURL.sibling(of: url, path: "")
    return LiteralSecrets.masked(server) + (server == url ? "" : "/***")
  }

  /// Whether the text consists of references.
  static func isReference(_ text: String) -> Bool {
    var rest = text[...]
    while rest.hasPrefix("${"), let end = rest.firstIndex(of: "}") { rest = rest[rest.index(after: end)...] }
    return rest.isEmpty && !text.isEmpty
  }

  /// A text that probably contains a secret: its position, its keys, and the text with `***`.
  struct Found {
    var mark: YamlNode.Mark
    var path: [String]
    var masked: String
    var values: [String]

    /// Requests of actions accept no references.
    var sentence: String {
      let advice =
        path.contains("actions")
        ? "put the credentials into the context's `apis`" : "write it as ${env:NAME} or ${file:PATH}"
      return "`\(path.last ?? "")`: this may be a literal secret: \(masked); \(advice)"
    }
  }

  /// Probable secrets in commands, URLs, headers and bodies. Values of keys such as `password` are not listed: a secret is expected there.
  static func literals(in node: YamlNode, _ path: [String] = []) -> [Found] {
    switch node.content {
    case .null: return []
    case .scalar(let text): return found([text], node, path)
    case .mapping(let members):
      return members.flatMap { key, value in literals(in: value, path + [key.scalar ?? ""]) }
    case .sequence(let items):
      let texts = items.compactMap(\.scalar)
      if texts.count == items.count { return found(texts, node, path) }
      return items.flatMap { literals(in: $0, path) }
    }
  }

  private static func found(_ texts: [String], _ node: YamlNode, _ path: [String]) -> [Found] {
    if isWebhook(path) { return [] }
    if isSecret(path) {
      guard path.contains("actions"), texts.contains(where: { !isTemplate($0, path) && !$0.isEmpty })
      else { return [] }
      return [Found(mark: node.mark, path: path, masked: "***", values: texts)]
    }
    let values = LiteralSecrets.values(in: texts)
    guard !values.isEmpty else { return [] }
    let masked = zip(texts, LiteralSecrets.masked(texts)).filter { $0 != $1 }.map(\.1).joined(separator: " ")
    return [Found(mark: node.mark, path: path, masked: String(masked.prefix(80)), values: values)]
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
