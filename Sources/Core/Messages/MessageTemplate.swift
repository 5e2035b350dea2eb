import Text

/// A text with members of a message in it: `step {status}`.
package struct MessageTemplate: Sendable, Equatable {
  package struct Invalid: Error, Equatable {
    package var message: String
  }

  private enum Part: Sendable, Equatable {
    case text(String)
    /// Names from the outside in.
    case member([String])
  }

  private var parts: [Part] = []

  package init(_ text: String) throws(Invalid) {
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else { throw Invalid(message: "`{` without `}`") }
      let names = rest[rest.index(after: open)..<close].split(separator: ".", omittingEmptySubsequences: false)
      guard !names.contains(where: \.isEmpty), names.count <= 16 else {
        throw Invalid(message: "expected a member such as {status} or {data.state}")
      }
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      parts.append(.member(names.map(String.init)))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
  }

  /// `nil` where the message lacks one of the members.
  package func text(of message: JSONNode) -> String? {
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .member(let names):
        guard let value = message.value(at: names)?.scalar, !value.isEmpty else { return nil }
        result += value
      }
    }
    return result
  }
}
