/// Collects the errors and warnings of a file and its included files, so that all are reported together.
final class Diagnostics {
  private static let most = 20

  /// Indexed by the file number in a mark.
  private let files: [String]
  /// The texts are created only for the reported errors: a spelling suggestion is expensive, and a file may have thousands of errors.
  private var problems: [(mark: YamlNode.Mark, message: () -> String)] = []
  private var doubts: [(mark: YamlNode.Mark, message: String)] = []
  /// Errors with their own positions, such as those of a preset's file.
  private var others: [String] = []
  /// Values of references: a message may quote them, and they may be the text of any file.
  private var referred = Secrets()

  init(files: [String]) {
    self.files = files
  }

  func add(_ mark: YamlNode.Mark, _ message: @escaping () -> String) {
    problems.append((mark, message))
  }

  /// Adds a warning for valid input that is probably a mistake.
  func warn(_ mark: YamlNode.Mark, _ message: String) {
    doubts.append((mark, message))
  }

  /// Adds errors of another file, which have their positions.
  func add(others problems: [String]) { others += problems }

  func hide(_ values: [String]) {
    for value in values {
      for part in value.split(whereSeparator: { $0.isNewline || $0 == "," }) { referred.insert(String(part)) }
    }
  }

  /// One line per warning, in the order of the file, escaped for a terminal.
  var warnings: [String] {
    let sorted = doubts.sorted { $0.mark < $1.mark }
    return ConfigurationError(sorted.prefix(Self.most).map { place($0.mark) + ": \($0.message)" }).problems
  }

  /// Throws all errors in the order of the file. Does nothing if there are none.
  func check() throws(ConfigurationError) {
    guard !problems.isEmpty || !others.isEmpty else { return }
    let sorted = problems.sorted { $0.mark < $1.mark }
    var lines = sorted.prefix(Self.most).map { place($0.mark) + ": \(referred.mask($0.message()))" }
    if sorted.count > Self.most { lines.append("\(files[0]): and \(sorted.count - Self.most) more") }
    throw ConfigurationError(lines + others.prefix(Self.most))
  }

  /// `file:line:column`.
  func place(_ mark: YamlNode.Mark) -> String { "\(files[mark.file]):\(mark.line):\(mark.column)" }
}

/// All errors of a configuration with their positions, ready for display.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// One line per error, escaped for a terminal.
  package let problems: [String]

  /// Suggestions, one line each.
  package let hints: [String]

  package init(_ problems: [String], hints: [String] = []) {
    self.problems = problems.map(Self.harmless)
    self.hints = hints
  }

  package var description: String { (problems + hints).joined(separator: "\n") }

  /// Files and names are external input: characters that a terminal may interpret are shown by their code.
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

/// Dependencies for reading a file's nodes: where errors are reported and how references and time zones are resolved.
struct ParseContext {
  typealias Text = (text: String, mark: YamlNode.Mark)

  let diagnostics: Diagnostics
  let references: References
  let zones: ZoneFile

  init(_ diagnostics: Diagnostics, _ references: References, _ zones: ZoneFile) {
    self.diagnostics = diagnostics
    self.references = references
    self.zones = zones
  }

  /// For a single file. Relative paths start at its folder.
  init(file: String, environment: [String: String]) { self.init(files: [file], environment: environment) }

  /// For a file and its included files, indexed by the file number in a mark. Relative paths start at the folder of the file that
  /// contains them.
  init(files: [String], environment: [String: String]) {
    self.init(
      Diagnostics(files: files),
      References(environment: environment, directories: files.map(TextFile.directory)),
      ZoneFile(environment: environment))
  }

  func add(_ mark: YamlNode.Mark, _ message: String) { diagnostics.add(mark) { message } }

  /// For messages that are expensive to create.
  func add(_ mark: YamlNode.Mark, _ message: @escaping () -> String) { diagnostics.add(mark, message) }

  /// Adds a warning for valid input that is probably a mistake.
  func warn(_ mark: YamlNode.Mark, _ message: String) { diagnostics.warn(mark, message) }

  /// A context for the same file that does not resolve references.
  var unresolved: ParseContext { ParseContext(diagnostics, references.unresolved, zones) }

  /// The scalar's text with references resolved; may be empty. `nil` if the node is not a scalar, which is reported, or if references are
  /// not resolved.
  func text(_ node: YamlNode, _ name: String) -> String? { resolved(node, name)?.text }

  /// As `text`, with the values of the references.
  func resolved(_ node: YamlNode, _ name: String) -> References.Resolved? {
    guard let scalar = node.scalar else {
      add(node.mark, "`\(name)`: expected a text, found \(node.kind)")
      return nil
    }
    switch references.resolve(scalar, file: node.mark.file) {
    case .success(let resolved):
      diagnostics.hide(resolved?.values ?? [])
      return resolved
    case .failure(let error):
      add(node.mark, "`\(name)`: \(error.message)")
      return nil
    }
  }

  /// A text that must not be empty.
  func word(_ node: YamlNode, _ name: String) -> String? {
    guard let text = text(node, name) else { return nil }
    if !text.isEmpty { return text }
    add(node.mark, "`\(name)`: expected a text, found an empty one")
    return nil
  }

  /// Converts a path in a file to a path relative to the working directory.
  func path(_ text: String, _ mark: YamlNode.Mark) -> String { references.path(text, file: mark.file) }

  /// One text or a list of texts, each not empty, with their positions.
  func words(_ node: YamlNode, _ name: String) -> [Text] {
    guard case .sequence(let items) = node.content else { return word(node, name).map { [($0, node.mark)] } ?? [] }
    if items.isEmpty { add(node.mark, "`\(name)`: expected at least one, found an empty list") }
    return items.compactMap { item in word(item, name).map { ($0, item.mark) } }
  }

  /// The values of the references in a text or a list of texts. Reports no errors.
  func references(in node: YamlNode) -> [String] {
    let items: [YamlNode] = if case .sequence(let items) = node.content { items } else { [node] }
    return items.flatMap { item -> [String] in
      guard let text = item.scalar, case .success(let resolved?) = references.resolve(text, file: item.mark.file)
      else { return [] }
      return resolved.values
    }
  }
}
