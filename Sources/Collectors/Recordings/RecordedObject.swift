import Core
import Text

/// Builds the JSON object of a recording line. `nil` values are omitted.
struct RecordedObject {
  private(set) var members: [JSONNode.Member] = []

  var node: JSONNode { .object(members) }

  mutating func set(_ name: String, _ value: JSONNode?) {
    if let value { members.append(.init(name: name, value: value)) }
  }

  mutating func text(_ name: String, _ value: String?) { set(name, value.map(JSONNode.string)) }
  mutating func whole(_ name: String, _ value: (some FixedWidthInteger)?) {
    set(name, value.map { .number(String($0)) })
  }
  mutating func time(_ name: String, _ value: Timestamp?) { whole(name, value?.nanoseconds) }
  mutating func duration(_ name: String, _ value: Duration?) { whole(name, value?.nanosecondsClamped) }

  /// Numbers that JSON cannot represent, such as infinity, become strings.
  mutating func number(_ name: String, _ value: Double?) {
    set(name, value.map { $0.isFinite ? .number("\($0)") : .string("\($0)") })
  }

  /// `false` is omitted.
  mutating func flag(_ name: String, _ value: Bool) { if value { set(name, .bool(true)) } }

  /// An empty list is omitted.
  mutating func list(_ name: String, _ values: [JSONNode]) { if !values.isEmpty { set(name, .array(values)) } }

  static func make(_ fill: (inout RecordedObject) -> Void) -> JSONNode {
    var object = RecordedObject()
    fill(&object)
    return object.node
  }
}

/// A line that is no valid observation.
struct DamagedLine: Error {
  static func need<Value>(_ value: Value?) throws(DamagedLine) -> Value {
    guard let value else { throw DamagedLine() }
    return value
  }
}

/// Reads what `RecordedObject` has written.
extension JSONNode {
  func text(_ name: String) -> String? { self[name]?.text }
  func flag(_ name: String) -> Bool { self[name]?.truth ?? false }
  func list(_ name: String) -> [JSONNode] { self[name]?.elements ?? [] }
  func time(_ name: String) -> Timestamp? { whole(name).map(Timestamp.init(nanoseconds:)) }
  func duration(_ name: String) -> Duration? { whole(name).map { (count: Int64) in .nanoseconds(count) } }
  func whole<Number: FixedWidthInteger>(_ name: String) -> Number? { self[name]?.whole() }
  func number(_ name: String) -> Double? { self[name]?.scalar.flatMap { Double($0) } }

  func whole<Number: FixedWidthInteger>() -> Number? {
    if case .number(let text) = self { Number(text) } else { nil }
  }
}
