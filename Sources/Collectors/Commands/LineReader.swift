import Core
import Text

/// Finds messages in lines by the rules of a command. Belongs to one thread.
struct LineReader {
  enum Reading {
    case found([MessageFinder.Found])
    /// Invalid JSON, unchanged.
    case broken([UInt8])
    /// No rule matches the line.
    case unknown
  }

  private let source: String
  private let finder: MessageFinder
  private let prefix: LinePattern?
  private let patterns: [(pattern: LinePattern, rule: MessageRule)]
  private let kinds: [MessageRule.Run]
  /// Number of runs that have started, by run name.
  private var runs: [String: Int] = [:]
  private static let mostRuns = 100_000

  init(_ command: CommandDefinition) {
    source = command.name
    kinds = command.messages.compactMap(\.begins)
    finder = MessageFinder(rules: command.messages, source: command.name)
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
      let line = JSONNode.Member(name: "line", value: .string(String(text)))
      if let run = rule.begins { begin(run, match.members + around) }
      let body = joined(.object(match.members + [line]), around)
      let type = rule.type?.text(in: body, topic: source)
      if rule.type != nil, type == nil { continue }
      return .found([.init(body: body, type: type)])
    }
    return .unknown
  }

  private mutating func begin(_ kind: MessageRule.Run, _ members: [JSONNode.Member]) {
    if runs.count >= Self.mostRuns { runs.removeAll() }
    runs[name(of: kind, members), default: 0] += 1
  }

  /// The name under which runs of this kind are counted.
  private func name(of kind: MessageRule.Run, _ members: [JSONNode.Member]) -> String {
    let value = kind.per.flatMap { per in members.first { $0.name == per } }?.value.scalar
    return value ?? source
  }

  /// Adds the members of the line prefix and the current runs to the message.
  private func joined(_ node: JSONNode, _ around: [JSONNode.Member]) -> JSONNode {
    guard let members = node.members else { return node }
    let names = Set(members.map(\.name))
    let all = members + around.filter { !names.contains($0.name) }
    let added = kinds.map { kind in
      let name = name(of: kind, all)
      let number = runs[name] ?? 0
      return JSONNode.Member(name: kind.member, value: .string(number > 1 ? "\(name)-\(number)" : name))
    }
    return .object(all + added.filter { !names.contains($0.name) })
  }
}

/// A regular expression; its named groups become the members of a message. Belongs to one thread.
struct LinePattern {
  /// Only the first 4,096 characters of a line are matched: a careless regular expression is slow on long text.
  static let longest = 4096

  private let regex: Regex<AnyRegexOutput>

  /// `nil` if `text` is not a valid regular expression.
  init?(_ text: String) {
    guard let regex = try? Regex(text) else { return nil }
    self.regex = regex
  }

  /// The named groups that matched, and the text after the match; `nil` if there is no match.
  func match(_ line: Substring) -> (members: [JSONNode.Member], rest: Substring)? {
    guard let match = line.firstMatch(of: regex) else { return nil }
    let members = match.output.compactMap { group -> JSONNode.Member? in
      guard let name = group.name, let value = group.substring else { return nil }
      return JSONNode.Member(name: name, value: .string(String(value)))
    }
    return (members, line[match.range.upperBound...])
  }
}

/// Splits incoming bytes into lines. A line longer than the limit is truncated.
struct LineSplitter {
  private let limit: Int
  private var line: [UInt8] = []
  /// Number of lines that were truncated.
  private(set) var cut = 0
  private var isCut = false

  init(limit: Int = 64 << 10) {
    self.limit = limit
  }

  mutating func add(_ bytes: some Sequence<UInt8>, _ take: ([UInt8]) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        end(take)
      } else if line.count < limit {
        line.append(byte)
      } else if !isCut {
        isCut = true
        cut += 1
      }
    }
  }

  /// Also delivers a last line without a line feed.
  mutating func finish(_ take: ([UInt8]) -> Void) { if !line.isEmpty { end(take) } }

  private mutating func end(_ take: ([UInt8]) -> Void) {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    take(line)
    line.removeAll(keepingCapacity: true)
    isCut = false
  }
}
