/// Collects the errors and warnings of a file and of those that it includes, so that all of them are reported together.
final class Diagnostics {
  private static let most = 20

  /// By the number in a mark.
  private let files: [String]
  /// The text is made for those that are told: a guess at what was meant is costly, and a file may have thousands of them.
  private var problems: [(mark: YamlNode.Mark, message: () -> String)] = []
  private var doubts: [(mark: YamlNode.Mark, message: String)] = []

  init(files: [String]) {
    self.files = files
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
    if sorted.count > Self.most { lines.append("\(files[0]): and \(sorted.count - Self.most) more") }
    throw ConfigurationError(lines)
  }

  /// `file:line:column`.
  func place(_ mark: YamlNode.Mark) -> String { "\(files[mark.file]):\(mark.line):\(mark.column)" }
}

/// Everything that is wrong with a configuration, each with its place, ready to be shown to the operator.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// One line each, harmless to a terminal.
  package let problems: [String]

  /// What to do instead, a line each.
  package let hints: [String]

  package init(_ problems: [String], hints: [String] = []) {
    self.problems = problems.map(Self.harmless)
    self.hints = hints
  }

  package var description: String { (problems + hints).joined(separator: "\n") }

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

/// What reading a file needs besides its nodes: where problems go, and what references stand for.
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

  /// For a file by itself: its relative paths start where it lies.
  init(file: String, environment: [String: String]) { self.init(files: [file], environment: environment) }

  /// For a file and those that it includes, by the numbers in their marks. Relative paths start where the file lies that names them.
  init(files: [String], environment: [String: String]) {
    self.init(
      Diagnostics(files: files),
      References(environment: environment, directories: files.map(TextFile.directory)),
      ZoneFile(environment: environment))
  }

  func add(_ mark: YamlNode.Mark, _ message: String) { diagnostics.add(mark) { message } }

  /// Of texts that are costly to make.
  func add(_ mark: YamlNode.Mark, _ message: @escaping () -> String) { diagnostics.add(mark, message) }

  /// Of what can be read, and is probably not meant.
  func warn(_ mark: YamlNode.Mark, _ message: String) { diagnostics.warn(mark, message) }

  /// The same file, read without resolving its references.
  var unresolved: ParseContext { ParseContext(diagnostics, references.unresolved, zones) }

  /// The scalar's text, with its references resolved; may be empty. `nil` when it is none, which is reported, or when its references
  /// stay unresolved.
  func text(_ node: YamlNode, _ name: String) -> String? { resolved(node, name)?.text }

  /// The same, with what its references stood for.
  func resolved(_ node: YamlNode, _ name: String) -> References.Resolved? {
    guard let scalar = node.scalar else {
      add(node.mark, "`\(name)`: expected a text, found \(node.kind)")
      return nil
    }
    switch references.resolve(scalar, file: node.mark.file) {
    case .success(let resolved): return resolved
    case .failure(let error):
      add(node.mark, "`\(name)`: \(error.message)")
      return nil
    }
  }

  /// A text that is not empty.
  func word(_ node: YamlNode, _ name: String) -> String? {
    guard let text = text(node, name) else { return nil }
    if !text.isEmpty { return text }
    add(node.mark, "`\(name)`: expected a text, found an empty one")
    return nil
  }

  /// A path as a file names it, from where the program runs.
  func path(_ text: String, _ mark: YamlNode.Mark) -> String { references.path(text, file: mark.file) }

  /// One text or a list of them, none of them empty, each with its place.
  func words(_ node: YamlNode, _ name: String) -> [Text] {
    guard case .sequence(let items) = node.content else { return word(node, name).map { [($0, node.mark)] } ?? [] }
    if items.isEmpty { add(node.mark, "`\(name)`: expected at least one, found an empty list") }
    return items.compactMap { item in word(item, name).map { ($0, item.mark) } }
  }
}
