/// Compares the last part of a field's path regardless of notation: "orderId", "order_id" and "order-id" are equal.
package enum FieldName {
  static func normalized(_ source: FieldSource) -> String {
    switch source {
    case .path(let names), .keyPath(let names): normalized(names.last { $0 != "*" } ?? "")
    case .header(let name): normalized(name)
    case .key: "key"
    case .topic: "topic"
    case .template(let parts): parts.map(Self.text).joined()
    }
  }

  package static func normalized(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// The name of the enclosing object; empty at the top level or if that object only wraps the event.
  static func parent(_ source: FieldSource) -> String {
    guard case .path(let names) = source, let parent = names.filter({ $0 != "*" }).dropLast().last else { return "" }
    let name = normalized(parent)
    return wrappers.contains(name) ? "" : name
  }

  private static let wrappers: Set<String> = [
    "data", "payload", "body", "message", "event", "value", "after", "before", "content", "detail", "details",
    "metadata", "meta",
    "headers", "header", "attributes", "properties", "context", "object",
  ]

  /// The name as written in the message.
  static func written(_ source: FieldSource) -> String {
    switch source {
    case .path(let names), .keyPath(let names): names.last { $0 != "*" } ?? ""
    case .header(let name): name
    case .key: "key"
    case .topic: "topic"
    case .template(let parts): parts.map(Self.text).joined()
    }
  }

  static func depth(_ source: FieldSource) -> Int {
    if case .path(let names) = source { names.count } else { 1 }
  }

  /// A stable total order.
  static func precedes(_ left: FieldSource, _ right: FieldSource) -> Bool {
    (depth(left), text(left)) < (depth(right), text(right))
  }

  static func text(_ source: FieldSource) -> String {
    switch source {
    case .path(let names): names.joined(separator: ".")
    case .header(let name): "header:\(name)"
    case .key: "key"
    case .keyPath(let names): "key." + names.joined(separator: ".")
    case .topic: "topic"
    case .template(let parts): parts.map(Self.text).joined()
    }
  }

  private static func text(_ part: FieldSource.Part) -> String {
    switch part {
    case .text(let text): text
    case .field(let source): "{\(text(source))}"
    }
  }
}
