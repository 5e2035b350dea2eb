import Core

/// Finds messages in lines by a command's rules. Belongs to one thread.
struct LineReader {
  enum Reading {
    case found([MessageFinder.Found])
    /// JSON that is broken, as it stands.
    case broken([UInt8])
    /// No rule knows it.
    case unknown
  }

  private let source: String
  private let finder: MessageFinder
  private let prefix: LinePattern?
  private let patterns: [(pattern: LinePattern, rule: MessageRule)]
  /// The runs that have begun, by the member that has their name.
  private var runs: [String: Int] = [:]

  init(_ command: CommandDefinition) {
    source = command.name
    finder = MessageFinder(rules: command.messages)
    prefix = command.prefix.flatMap(LinePattern.init)
    patterns = command.messages.compactMap { rule in
      rule.pattern.flatMap(LinePattern.init).map { ($0, rule) }
    }
  }

  mutating func read(_ bytes: [UInt8]) -> Reading {
    let text = String(decoding: bytes, as: UTF8.self)
    var line = text[...]
    var around: [JSONNode.Member] = []
    if let match = prefix?.match(line.prefix(LinePattern.longest)) {
      around = match.members
      line = text[match.rest.startIndex...]
    }
    let body = line.drop { $0 == " " || $0 == "\t" }
    if body.first == "{" || body.first == "[" { return document(body, around) }
    return self.line(line.prefix(LinePattern.longest), around)
  }

  private func document(_ text: Substring, _ around: [JSONNode.Member]) -> Reading {
    guard let node = JSONNode(Array(text.utf8)) else { return .broken(Array(text.utf8)) }
    var lacking = 0
    let found = finder.find(in: joined(node, around), lacking: &lacking)
    return found.isEmpty ? .unknown : .found(found)
  }

  private mutating func line(_ text: Substring, _ around: [JSONNode.Member]) -> Reading {
    for (pattern, rule) in patterns {
      guard let match = pattern.match(text) else { continue }
      if let run = rule.begins { runs[run, default: 0] += 1 }
      let line = JSONNode.Member(name: "line", value: .string(String(text)))
      let body = joined(.object(match.members + [line]), around)
      let type = rule.type?.text(of: body)
      if rule.type != nil, type == nil { continue }
      return .found([.init(body: body, type: type)])
    }
    return .unknown
  }

  /// With what stands before the line, and the runs that it is in.
  private func joined(_ node: JSONNode, _ around: [JSONNode.Member]) -> JSONNode {
    guard let members = node.members else { return node }
    let runs = runs.sorted { $0.key < $1.key }.map {
      JSONNode.Member(name: $0.key, value: .string("\(source)-\($0.value)"))
    }
    let names = Set(members.map(\.name))
    return .object(members + (around + runs).filter { !names.contains($0.name) })
  }
}
