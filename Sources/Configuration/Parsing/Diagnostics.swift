/// Collects what is wrong with one file, so that all of it is told at once.
final class Diagnostics {
  private static let most = 20

  let file: String
  private var problems: [(mark: YamlNode.Mark, message: String)] = []
  private var doubts: [(mark: YamlNode.Mark, message: String)] = []

  init(file: String) {
    self.file = file
  }

  func add(_ mark: YamlNode.Mark, _ message: String) {
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
    var lines = sorted.prefix(Self.most).map { place($0.mark) + ": \($0.message)" }
    if sorted.count > Self.most { lines.append("\(file): and \(sorted.count - Self.most) more") }
    throw ConfigurationError(lines)
  }

  /// `file:line:column`.
  func place(_ mark: YamlNode.Mark) -> String { "\(file):\(mark.line):\(mark.column)" }
}
