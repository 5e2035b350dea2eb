import Core

/// Field sources as configuration writes them: `data.orderId`, `items.*.id`, `header:node`, `key`, `topic`; `$.key` is the path.
package enum FieldSourceText {
  private static let deepest = 16

  /// `nil` when the text is none.
  package static func parse(_ text: String) -> FieldSource? {
    if text == "key" { return .key }
    if text == "topic" { return .topic }
    if text.hasPrefix("header:") {
      let name = String(text.dropFirst(7))
      return name.isEmpty ? nil : .header(name)
    }
    let path = text.hasPrefix("$.") ? text.dropFirst(2) : Substring(text)
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return names.contains("") || names.count > deepest ? nil : .path(names)
  }

  /// As it is written: what `parse` takes.
  package static func text(_ source: FieldSource) -> String {
    switch source {
    case .key: return "key"
    case .topic: return "topic"
    case .header(let name): return "header:\(name)"
    case .path(let names):
      let path = names.joined(separator: ".")
      return parse(path) == source ? path : "$.\(path)"
    }
  }
}
