/// One line of Prometheus text: a name, labels, a value.
struct MetricSample: Equatable {
  var name: String
  var labels: [(name: String, value: String)] = []
  var value: Double

  static func == (left: MetricSample, right: MetricSample) -> Bool {
    left.name == right.name && left.value == right.value && left.labels.elementsEqual(right.labels) { $0 == $1 }
  }

  func label(_ name: String) -> String? { labels.first { $0.name == name }?.value }

  /// Exactly `name{label="value",…} value [milliseconds]`; `nil` for anything else.
  init?(_ line: some StringProtocol) {
    var rest = Substring(line).utf8[...]
    guard let name = Self.name(&rest, mayHaveColon: true) else { return nil }
    (self.name, value) = (name, 0)
    let hasLabels = rest.first == UInt8(ascii: "{")
    if hasLabels {
      guard let labels = Self.labels(&rest) else { return nil }
      self.labels = labels
    }
    guard let first = rest.first, hasLabels || Self.isBlank(first) else { return nil }
    let words = rest.split(whereSeparator: Self.isBlank)
    guard (1...2).contains(words.count), let value = Self.number(words[0]) else { return nil }
    if words.count == 2, Int64(Substring(words[1])) == nil { return nil }
    self.value = value
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func name(_ rest: inout Substring.UTF8View, mayHaveColon: Bool) -> String? {
    func belongs(_ byte: UInt8) -> Bool { isLetter(byte) || (mayHaveColon && byte == UInt8(ascii: ":")) }
    guard let first = rest.first, belongs(first) else { return nil }
    let name = rest.prefix { belongs($0) || isDigit($0) }
    rest = rest[name.endIndex...]
    return String(Substring(name))
  }

  private static func skipBlanks(_ rest: inout Substring.UTF8View) { rest = rest.drop(while: isBlank) }

  /// From the opening brace to behind the closing one.
  private static func labels(_ rest: inout Substring.UTF8View) -> [(name: String, value: String)]? {
    var labels: [(name: String, value: String)] = []
    rest = rest.dropFirst()
    while true {
      skipBlanks(&rest)
      if rest.first == UInt8(ascii: "}") { break }
      guard let name = name(&rest, mayHaveColon: false) else { return nil }
      skipBlanks(&rest)
      guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
      skipBlanks(&rest)
      guard let value = quoted(&rest) else { return nil }
      labels.append((name, value))
      skipBlanks(&rest)
      if rest.first == UInt8(ascii: ",") {
        rest = rest.dropFirst()
      } else if rest.first != UInt8(ascii: "}") {
        return nil
      }
    }
    rest = rest.dropFirst()
    return labels
  }

  private static func quoted(_ rest: inout Substring.UTF8View) -> String? {
    guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        switch rest.popFirst() {
        case UInt8(ascii: "n"): bytes.append(0x0a)
        case let escaped? where escaped == UInt8(ascii: "\\") || escaped == UInt8(ascii: "\""): bytes.append(escaped)
        default: return nil
        }
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private static func number(_ text: Substring.UTF8View) -> Double? {
    switch Substring(text) {
    case "+Inf", "Inf": .infinity
    case "-Inf": -.infinity
    case "NaN": .nan
    case let number where number.utf8.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }): Double(number)
    default: nil
    }
  }
}
