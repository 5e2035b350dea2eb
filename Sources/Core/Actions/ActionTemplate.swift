import Text

/// A text with places for fields: `/saga/retry/{saga.id}`. It is parsed once; what is put in is escaped for where it lands, so that no
/// value can become anything but a value there.
package struct ActionTemplate: Sendable, Equatable {
  /// Where the text goes.
  package enum Place: Sendable, Equatable {
    /// A URL or its path, from the first `?` on its query.
    case url
    case header
    case json
    /// One word of a command line.
    case argument
    /// A Kafka key, bytes as they are.
    case key
    case topic
  }

  package struct Invalid: Error, Equatable {
    package var message: String
  }

  enum Part: Sendable, Equatable {
    case literal(String)
    case field(String, ActionEscape)
  }

  let parts: [Part]
  package let place: Place
  /// As it was written.
  package let text: String

  /// Unknown fields and unclosed braces are errors that say so. `{{` and `}}` are single braces, but in JSON, where a brace is a
  /// field's only before a letter.
  package init(_ text: String, place: Place, fields: ActionFieldNames) throws(Invalid) {
    var parser = ActionTemplateParser(text, place: place, fields: fields)
    parts = try parser.parse()
    self.place = place
    self.text = text
    if place == .json { try checkJSON() }
  }

  /// The names of its fields, in their order.
  package var fields: [String] {
    parts.compactMap { if case .field(let name, _) = $0 { name } else { nil } }
  }

  /// The text with the fields put in. A field that is missing, or that cannot stand there, refuses.
  package func rendered(_ fields: ActionFields) -> Result<String, ActionFields.Missing> {
    var text = ""
    for (index, part) in parts.enumerated() {
      switch part {
      case .literal(let literal): text += literal
      case .field(let name, let escape):
        switch fields.value(of: name).flatMap({ escape.apply($0, name, isFirst: index == 0) }) {
        case .success(let value): text += value
        case .failure(let missing): return .failure(missing)
        }
      }
    }
    return check(text)
  }

  /// What no escape of a single value can rule out.
  private func check(_ text: String) -> Result<String, ActionFields.Missing> {
    switch place {
    case .url:
      let path = text.prefix { $0 != "?" && $0 != "#" }
      if !fields.isEmpty, path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) {
        return .failure(.init(message: "the URL's path would have a part `.` or `..`: \(self.text)"))
      }
    case .topic:
      guard Self.isTopic(text) else { return .failure(.init(message: "`\(text)` is no name of a topic")) }
    case .json where !fields.isEmpty:
      guard JSONNode(Array(text.utf8)) != nil else {
        return .failure(.init(message: "with this saga's fields it is no JSON: \(self.text)"))
      }
    default: break
    }
    return .success(text)
  }

  package static func isTopic(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 249 && text != "." && text != ".."
      && text.utf8.allSatisfy { ActionEscape.isUnreserved($0) && $0 != UInt8(ascii: "~") }
  }

  /// With any value in its places it must be JSON.
  private func checkJSON() throws(Invalid) {
    let sample = parts.map { part in
      switch part {
      case .literal(let literal): literal
      case .field(_, .jsonString): "x"
      case .field: "0"
      }
    }
    if JSONNode(Array(sample.joined().utf8)) == nil { throw Invalid(message: "expected JSON, found `\(text)`") }
  }
}
