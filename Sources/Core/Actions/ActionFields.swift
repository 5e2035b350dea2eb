import Text

/// The field values for the templates of one subject.
package struct ActionFields: Sendable {
  /// Maximum size in bytes of a value in a request.
  static let longest = 8192

  package struct Value: Sendable, Equatable {
    package var text: String
    /// The JSON literal of numbers and booleans; `nil` for strings.
    package var json: String?

    package init(_ text: String, json: String? = nil) {
      self.text = text
      self.json = json
    }
  }

  package struct Missing: Error, Sendable, Equatable {
    package var message: String
  }

  private var values: [String: Value]
  /// Bodies of the saga's messages, newest first.
  private let bodies: [JSONNode]

  package init(_ values: [String: Value] = [:], bodies: [JSONNode] = []) {
    self.values = values
    self.bodies = bodies
  }

  package mutating func set(_ name: String, _ text: String?) { values[name] = text.map { Value($0) } }

  package mutating func set(_ name: String, _ value: Value) { values[name] = value }

  /// `data.PATH` is read from the newest message that contains it, from the root of the body or below its own `data`.
  func value(of name: String) -> Result<Value, Missing> {
    if let value = values[name] { return .success(value) }
    guard name.hasPrefix("data.") else { return .failure(Missing(message: "the saga has no `\(name)`")) }
    let path = name.dropFirst(5).split(separator: ".").map(String.init)
    for body in bodies {
      let found = Self.value(at: path, in: body) ?? body["data"].flatMap { Self.value(at: path, in: $0) }
      if let found { return .success(found) }
    }
    return .failure(
      Missing(message: "no message of the saga that is kept has a field `\(path.joined(separator: "."))`"))
  }

  private static func value(at path: [String], in body: JSONNode) -> Value? {
    var node = body
    for name in path {
      if let index = Int(name), let elements = node.elements, elements.indices.contains(index) {
        node = elements[index]
      } else if let member = node[name] {
        node = member
      } else {
        return nil
      }
    }
    switch node {
    case .string(let text): return Value(text)
    case .number(let text): return Value(text, json: text)
    case .bool(let truth): return Value(truth ? "true" : "false", json: truth ? "true" : "false")
    case .null, .array, .object: return nil
    }
  }
}

/// The fields that a template may use: the common ones of all sagas, and the ids of its type.
package struct ActionFieldNames: Sendable {
  private static let ofSagas = [
    "saga.id", "saga.type", "saga.status", "saga.step", "saga.failedStep", "saga.error",
  ]
  private static let ofAll = ["reason", "idempotencyKey", "operator", "context"]
  private static let ofLocks = ["lock.key", "lock.token"]

  private let names: [String]
  private let hasData: Bool
  private let takesAnyID: Bool

  /// `ids` are the names of the saga's identities. If they are unknown (`nil`), any `ids.NAME` is accepted.
  package init(scope: ActionName.Scope, ids: [String]? = []) {
    hasData = scope == .saga
    takesAnyID = ids == nil
    let ids = ids ?? []
    switch scope {
    case .saga: names = Self.ofSagas + Self.ofAll + ids + ids.map { "ids.\($0)" }
    case .lock: names = Self.ofLocks + Self.ofAll
    case .deadLetter, .system: names = Self.ofAll
    }
  }

  /// `nil` if the name is known.
  func problem(with name: String) -> String? {
    if hasData, name.hasPrefix("data."), name.utf8.count <= 256, !name.hasSuffix("."), !name.contains("..") {
      return nil
    }
    if names.contains(name) { return nil }
    if takesAnyID, name.hasPrefix("ids."), name.utf8.count > 4 { return nil }
    let hint = NearestWord.hint(name, among: names)
    let known = (names + (takesAnyID ? ["ids.NAME"] : []) + (hasData ? ["data.PATH"] : [])).joined(separator: ", ")
    return "unknown field `{\(name)}`" + (hint.isEmpty ? "; known: \(known)" : hint)
  }
}
