import Text

/// Parses checks and conditions.
package enum CheckParser {
  /// Describes the error in the input.
  package struct Invalid: Error, Equatable {
    package var message: String
  }

  private static let mostBytes = 512

  /// `NAME[selector=PATTERN]:WARNING:CRITICAL`. Without thresholds the defaults apply; a single threshold is used for both.
  package static func check(_ text: String, name: String? = nil) throws(Invalid) -> Check {
    let (measure, rest) = try measure(text)
    guard !rest.isEmpty else { return Check(measure, name: name) }
    guard rest.first == ":" else { throw Invalid(message: "expected NAME:WARNING:CRITICAL, found `\(text)`") }
    let limits = rest.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard limits.count <= 2 else { throw Invalid(message: "expected two thresholds at most, found `\(text)`") }
    let warning = try value(limits[0], of: measure)
    let critical = limits.count > 1 ? try value(limits[1], of: measure) : warning
    guard measure.kind.isFalling ? critical <= warning : critical >= warning else {
      let order = measure.kind.isFalling ? "above" : "below"
      throw Invalid(message: "`\(text)`: the critical threshold lies \(order) that of the warning")
    }
    return Check(measure, warning: warning, critical: critical, name: name)
  }

  /// `MEASURE==VALUE`; also `!=`, `<`, `<=`, `>` and `>=`.
  package static func condition(_ text: String) throws(Invalid) -> Condition {
    let plain = text.filter { $0 != " " }
    let (measure, rest) = try measure(plain)
    guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      throw Invalid(message: "expected a condition such as stuck==0 or lag<100, found `\(text)`")
    }
    let limit = try value(rest.dropFirst(comparison.rawValue.count), of: measure)
    return Condition(measure, comparison, limit, text: plain)
  }

  private static func measure(_ text: String) throws(Invalid) -> (Measure, rest: Substring) {
    guard text.utf8.count <= mostBytes else { throw Invalid(message: "longer than \(mostBytes) bytes") }
    let name = text.prefix { $0.isLetter || $0 == "-" || $0 == "_" }
    guard let kind = Measure.Kind(rawValue: String(name)) else {
      let known = Measure.Kind.allCases.map(\.rawValue)
      let hint = NearestWord.hint(String(name), among: known)
      throw Invalid(message: "unknown check `\(name)`\(hint) (known are \(known.joined(separator: ", ")))")
    }
    let rest = text.dropFirst(name.count)
    guard rest.first == "[" else { return (Measure(kind), rest) }
    guard let end = rest.lastIndex(of: "]") else { throw Invalid(message: "`\(text)`: expected ]") }
    let inside = rest[rest.index(after: rest.startIndex)..<end]
    return (Measure(kind, selector: try selector(inside, of: kind)), rest[rest.index(after: end)...])
  }

  private static func selector(_ text: Substring, of kind: Measure.Kind) throws(Invalid) -> NamePattern {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let isWhole = kind == .undecoded || kind == .health
    guard !isWhole, parts.count == 2, parts[0] == kind.selectorName, !parts[1].isEmpty else {
      let expected = isWhole ? "no brackets" : "[\(kind.selectorName)=NAME]"
      throw Invalid(message: "`\(kind.rawValue)`: expected \(expected), found `[\(text)]`")
    }
    do throws(NamePattern.Invalid) { return try NamePattern(String(parts[1])) } catch {
      throw Invalid(message: error.message)
    }
  }

  /// Times are durations (`30s`, `5m`) or plain seconds; percentages are accepted with or without `%`.
  private static func value(_ text: Substring, of measure: Measure) throws(Invalid) -> Double {
    if measure.unit == .seconds, let duration = DurationText.parse(String(text)) { return duration.seconds }
    let digits = measure.unit == .percent && text.last == "%" ? text.dropLast() : text
    if let value = Double(digits), value.isFinite, (0...1e15).contains(value) { return value }
    let expected = measure.unit == .seconds ? "a duration such as 30s or 5m" : "a number"
    throw Invalid(message: "`\(measure.text)`: expected \(expected), found `\(text)`")
  }
}

/// A condition that a script waits for: `stuck==0`, `lag[group=payment-service]<100`.
package struct Condition: Sendable {
  package var measure: Measure
  package var comparison: Comparison
  /// In the unit of the measure.
  package var limit: Double
  /// As written by the operator.
  package var text: String

  package init(_ measure: Measure, _ comparison: Comparison, _ limit: Double, text: String) {
    self.measure = measure
    self.comparison = comparison
    self.limit = limit
    self.text = text
  }

  /// `nil` if the known data cannot decide it.
  package func holds(_ readings: CheckInputs) -> Bool? {
    measure.taken(from: readings).number.holds(comparison, limit)
  }
}
