import TestRandom
import TestSupport

/// Random JSON documents and their values.
enum RandomJSON {
  indirect enum Value {
    case object([(name: String, value: Value)])
    case array([Value])
    /// `text` is the expected result of a reader, `written` the JSON text.
    case leaf(text: String, written: String)
    case null
  }

  struct Document {
    var root: Value
    var bytes: [UInt8]
  }

  static func document(_ random: inout SeededRandom) -> Document {
    let root = Value.object(members(depth: 0, &random))
    var text = ""
    write(root, to: &text, &random)
    return Document(root: root, bytes: Array(text.utf8))
  }

  /// Expected values at a path, in document order. A repeated member name counts each time.
  static func values(at path: ArraySlice<String>, in value: Value) -> [String] {
    switch value {
    case .leaf(let text, _): path.isEmpty ? [text] : []
    case .null: []
    case .object(let members):
      members.filter { $0.name == path.first }.flatMap { values(at: path.dropFirst(), in: $0.value) }
    case .array(let elements):
      path.first == "*" ? elements.flatMap { values(at: path.dropFirst(), in: $0) } : []
    }
  }

  static func paths(_ value: Value, _ prefix: [String] = []) -> Set<[String]> {
    switch value {
    case .leaf: [prefix]
    case .null: []
    case .object(let members): members.reduce(into: []) { $0.formUnion(paths($1.value, prefix + [$1.name])) }
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(paths($1, prefix + ["*"])) }
    }
  }

  private static func members(depth: Int, _ random: inout SeededRandom) -> [(name: String, value: Value)] {
    var names: Set<String> = []
    return (0..<Int.random(in: 0...5, using: &random)).compactMap { _ in
      let name =
        Bool.random(using: &random) ? "abcd".map(String.init).randomElement(using: &random) ?? "" : text(&random)
      guard name != "*", !name.contains("\0"), names.insert(name).inserted else { return nil }
      return (name, value(depth: depth + 1, &random))
    }
  }

  private static func value(depth: Int, _ random: inout SeededRandom) -> Value {
    switch Int.random(in: depth > 4 ? 2...7 : 0...7, using: &random) {
    case 0: return .object(members(depth: depth, &random))
    case 1: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1, &random) })
    case 2: return .null
    case 3:
      let truth = Bool.random(using: &random) ? "true" : "false"
      return .leaf(text: truth, written: truth)
    case 4, 5:
      let number = number(&random)
      return .leaf(text: number, written: number)
    default:
      let text = text(&random)
      return .leaf(text: text, written: quoted(text, &random))
    }
  }

  private static func number(_ random: inout SeededRandom) -> String {
    let whole = String(Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...60, using: &random))
    return [whole, whole + ".25", whole + "e-3", whole + ".5E+7"].randomElement(using: &random) ?? whole
  }

  private static func text(_ random: inout SeededRandom) -> String {
    let letters = Array("abcXYZ019 .-_/\\\"\u{1}\n\t\u{1b}éüß한🚀\u{0301}\u{fffd}")
    return String(
      (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
  }

  private static func quoted(_ text: String, _ random: inout SeededRandom) -> String {
    var result = "\""
    for unit in text.unicodeScalars {
      let mustEscape = unit.value < 0x20 || unit == "\"" || unit == "\\"
      guard mustEscape || Int.random(in: 0..<6, using: &random) == 0 else {
        result.unicodeScalars.append(unit)
        continue
      }
      for code in String(unit).utf16 {
        let digits = String(code, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result + "\""
  }

  private static func write(_ value: Value, to text: inout String, _ random: inout SeededRandom) {
    switch value {
    case .null: text += "null"
    case .leaf(_, let written): text += written
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        text += index > 0 ? "," + blank(&random) : blank(&random)
        write(element, to: &text, &random)
      }
      text += blank(&random) + "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        text += (index > 0 ? "," : "") + blank(&random) + quoted(member.name, &random) + blank(&random) + ":"
        text += blank(&random)
        write(member.value, to: &text, &random)
      }
      text += blank(&random) + "}"
    }
  }

  private static func blank(_ random: inout SeededRandom) -> String {
    ["", "", " ", "\n  ", "\t"].randomElement(using: &random) ?? ""
  }
}
