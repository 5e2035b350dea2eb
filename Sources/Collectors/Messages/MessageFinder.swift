import Core
import Text

/// Finds messages in documents by the rules of a source.
struct MessageFinder {
  struct Found {
    /// A JSON object.
    var body: JSONNode
    /// `nil` if the rule sets no type.
    var type: String?
  }

  /// Maximum number of messages per document.
  private static let most = 100_000

  let rules: [MessageRule]
  /// The name of the source.
  var source = ""

  /// `lacking` is increased by the number of skipped list elements: elements that are not objects, or that lack a member for their type.
  func find(in document: JSONNode, lacking: inout Int) -> [Found] {
    let rules = rules.filter { $0.pattern == nil }
    guard !rules.isEmpty else { return [Found(body: document, type: nil)] }
    var found: [Found] = []
    for rule in rules { collect(document, rule.each[...], around: [], rule, &found, &lacking) }
    return found
  }

  private func collect(
    _ node: JSONNode, _ path: ArraySlice<String>, around: [JSONNode.Member], _ rule: MessageRule,
    _ found: inout [Found], _ lacking: inout Int
  ) {
    guard found.count < Self.most else { return }
    guard let name = path.first else {
      guard let members = node.members else { return lacking += 1 }
      let body = JSONNode.object(Self.laid(members, over: around))
      guard let template = rule.type else { return found.append(Found(body: body, type: nil)) }
      if let type = template.text(in: body, topic: source) {
        found.append(Found(body: body, type: type))
      } else {
        lacking += 1
      }
      return
    }
    if name == "*" {
      for element in node.elements ?? [] { collect(element, path.dropFirst(), around: around, rule, &found, &lacking) }
    } else if let next = node[name] {
      let around = Self.laid((node.members ?? []).filter { $0.value.scalar != nil }, over: around)
      collect(next, path.dropFirst(), around: around, rule, &found, &lacking)
    }
  }

  /// The inner object's members, then the outer members with other names.
  private static func laid(_ inner: [JSONNode.Member], over outer: [JSONNode.Member]) -> [JSONNode.Member] {
    if outer.isEmpty { return inner }
    let names = Set(inner.map(\.name))
    return inner + outer.filter { !names.contains($0.name) }
  }
}
