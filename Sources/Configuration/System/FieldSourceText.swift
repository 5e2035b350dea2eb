import Core

/// Field sources as configuration writes them: `data.orderId`, `header:node`, `key`, `topic`; `$.key` is the path.
enum FieldSourceText {
  /// `nil` when the text is none.
  static func parse(_ text: String) -> FieldSource? {
    if text == "key" { return .key }
    if text == "topic" { return .topic }
    if text.hasPrefix("header:") {
      let name = String(text.dropFirst(7))
      return name.isEmpty ? nil : .header(name)
    }
    let path = text.hasPrefix("$.") ? text.dropFirst(2) : Substring(text)
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return names.contains("") || names.count > 16 ? nil : .path(names)
  }
}
