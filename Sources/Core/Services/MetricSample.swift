/// One line of Prometheus text: a name, labels, a value.
struct MetricSample: Equatable {
  /// A line with more labels is invalid. Limited because each label is compared with all labels before it.
  private static let mostLabels = 128

  var name: String
  var labels: [(name: String, value: String)] = []
  var value: Double

  static func == (left: MetricSample, right: MetricSample) -> Bool {
    left.name == right.name && left.value == right.value && left.labels.elementsEqual(right.labels) { $0 == $1 }
  }

  func label(_ name: String) -> String? { labels.first { $0.name == name }?.value }

  /// One sample in Prometheus text format, as accepted by Prometheus itself: `name{label="value",…} value [milliseconds]`, or with the
  /// quoted names of Prometheus 3, `{"name","label"="value"} value`. In OpenMetrics a timestamp is in seconds, and ` # {…} value
  /// [seconds]` may follow. `nil` for anything else.
  init?(_ line: some StringProtocol, isOpenMetrics: Bool = false) {
    var rest = Substring(line).utf8[...]
    Self.skipBlanks(&rest)
    var name = Self.name(&rest, mayHaveColon: true)
    let isSeparated = rest.first.map(Self.isBlank) ?? false
    Self.skipBlanks(&rest)
    let hasLabels = rest.first == UInt8(ascii: "{")
    if hasLabels {
      guard let (quoted, labels) = Self.labels(&rest), name == nil || quoted == nil else { return nil }
      name = name ?? quoted
      self.labels = labels
    }
    guard let name, !name.isEmpty, hasLabels || isSeparated else { return nil }
    (self.name, value) = (name, 0)
    var words = rest.split(whereSeparator: Self.isBlank)[...]
    if isOpenMetrics, let mark = words.firstIndex(where: { $0.elementsEqual("#".utf8) }) { words = words[..<mark] }
    guard (1...2).contains(words.count), let value = Self.number(words[0]) else { return nil }
    if words.count == 2, !Self.isTime(words[1], inSeconds: isOpenMetrics) { return nil }
    self.value = value
  }

  private static func isTime(_ text: Substring.UTF8View, inSeconds: Bool) -> Bool {
    inSeconds ? number(text)?.isFinite ?? false : Int64(Substring(text)) != nil
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

  /// From the opening to after the closing brace: the quoted metric name if there is one, and the labels.
  private static func labels(
    _ rest: inout Substring.UTF8View
  ) -> (name: String?, labels: [(name: String, value: String)])? {
    var labels: [(name: String, value: String)] = []
    var name: String?
    rest = rest.dropFirst()
    skipBlanks(&rest)
    while rest.first != UInt8(ascii: "}") {
      guard labels.count < mostLabels else { return nil }
      let isQuoted = rest.first == UInt8(ascii: "\"")
      guard let label = isQuoted ? quoted(&rest) : self.name(&rest, mayHaveColon: false) else { return nil }
      skipBlanks(&rest)
      if rest.first == UInt8(ascii: "=") {
        rest = rest.dropFirst()
        skipBlanks(&rest)
        guard let value = quoted(&rest), label != "__name__", !labels.contains(where: { $0.name == label }) else {
          return nil
        }
        labels.append((label, value))
        skipBlanks(&rest)
      } else {
        guard isQuoted, name == nil else { return nil }
        name = label
      }
      if rest.first == UInt8(ascii: ",") {
        rest = rest.dropFirst()
        skipBlanks(&rest)
      } else if rest.first != UInt8(ascii: "}") {
        return nil
      }
    }
    rest = rest.dropFirst()
    return (name, labels)
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

  /// Like Go's `ParseFloat`, without hexadecimal numbers and underscores; a number outside the range of a Double is invalid.
  private static func number(_ text: Substring.UTF8View) -> Double? {
    let word = Substring(text).lowercased()
    switch word {
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    case "nan": return .nan
    default: break
    }
    guard text.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    return Double(word).flatMap { $0.isFinite ? $0 : nil }
  }
}
