/// The certainty of a number; the raw value is the word in JSON.
package enum Quality: String, Sendable, CaseIterable {
  /// Read or computed without a gap.
  case exact
  /// Estimated between two samples.
  case interpolated
  /// A lower bound: it may be more.
  case atLeast
  /// An upper bound: it may be less.
  case atMost
  case unknown

  /// Prefix of the number on screens and in tables.
  package var mark: String {
    switch self {
    case .exact, .unknown: ""
    case .interpolated: "~"
    case .atLeast: ">"
    case .atMost: "<"
    }
  }
}

/// A non-negative number with its certainty: the range in which it is, and why the range is not a single value.
///
/// Operations compute with both ends of the range, so a sum or comparison is as certain as its operands. An unknown operand counts as the
/// range from zero upwards.
package struct Known<Value: Comparable & Sendable>: Sendable, Equatable {
  /// Lower bound; `nil` if unknown.
  package private(set) var low: Value?
  /// Upper bound; `nil` if unknown.
  package private(set) var high: Value?
  /// Both bounds are estimates.
  package private(set) var isEstimate = false
  /// Why it is not exact; empty if it is.
  package var reason = ""
  /// The time of the value if it is not current; the current value is then unknown.
  package private(set) var asOf: Timestamp?

  private init(low: Value?, high: Value?, isEstimate: Bool = false, reason: String = "", asOf: Timestamp? = nil) {
    (self.low, self.high) = (low, high)
    (self.isEstimate, self.reason, self.asOf) = (isEstimate, reason, asOf)
  }

  package static func exact(_ value: Value) -> Known { Known(low: value, high: value) }

  package static func interpolated(_ value: Value) -> Known { Known(low: value, high: value, isEstimate: true) }

  package static func atLeast(_ value: Value, _ reason: String = "") -> Known {
    Known(low: value, high: nil, reason: reason)
  }

  package static func atMost(_ value: Value, _ reason: String = "") -> Known {
    Known(low: nil, high: value, reason: reason)
  }

  package static func between(_ low: Value, _ high: Value, _ reason: String = "") -> Known {
    Known(low: Swift.min(low, high), high: Swift.max(low, high), reason: low == high ? "" : reason)
  }

  package static func unknown(_ reason: String = "") -> Known { Known(low: nil, high: nil, reason: reason) }

  /// `nil` is unknown.
  package init(_ value: Value?, _ quality: Quality = .exact) {
    switch (value, quality) {
    case (let value?, .exact): self = .exact(value)
    case (let value?, .interpolated): self = .interpolated(value)
    case (let value?, .atLeast): self = .atLeast(value)
    case (let value?, .atMost): self = .atMost(value)
    case (nil, _), (_, .unknown): self = .unknown()
    }
  }

  package var quality: Quality {
    guard asOf == nil else { return .unknown }
    return switch (low, high) {
    case (nil, nil): .unknown
    case (let low?, let high?) where low == high: isEstimate ? .interpolated : .exact
    case (nil, _): .atMost
    default: .atLeast
    }
  }

  /// The current value, to be shown with the mark of its quality; `nil` if unknown.
  package var value: Value? { asOf == nil ? low ?? high : nil }

  /// The last known value.
  package var last: Value? { low ?? high }

  /// Also `true` for an interpolated estimate.
  package var isExact: Bool { quality == .exact || quality == .interpolated }

  /// `change` must be monotonic.
  package func mapped<Other>(_ change: (Value) -> Other) -> Known<Other> {
    Known<Other>(
      low: low.map(change), high: high.map(change), isEstimate: isEstimate, reason: reason, asOf: asOf)
  }

  /// The same value as of an earlier instant, with the reason why nothing newer is known; unknown if `instant` is `nil`.
  package func last(at instant: Timestamp?, _ reason: String) -> Known {
    guard let instant else { return .unknown(reason) }
    var past = self
    past.asOf = asOf.map { Swift.min($0, instant) } ?? instant
    past.reason = reason
    return past
  }
}

extension Known where Value: AdditiveArithmetic {
  /// The same value without an upper bound: missing data can only increase it.
  package func orMore(_ reason: String) -> Known {
    var more = self
    more.high = nil
    if more.reason.isEmpty { more.reason = reason }
    return more.informative
  }

  /// A lower bound of zero contains no information.
  private var informative: Known {
    guard low == .zero, high != low else { return self }
    var bound = self
    bound.low = nil
    return bound
  }

  /// Combines both bounds. `combine` must be non-decreasing in each argument.
  private static func fold(_ parts: some Sequence<Known>, _ combine: (Value, Value) -> Value) -> Known? {
    var result: Known?
    for part in parts {
      guard let sum = result else {
        result = part
        continue
      }
      var next = Known(low: combine(sum.low ?? .zero, part.low ?? .zero), high: nil)
      if let left = sum.high, let right = part.high { next.high = combine(left, right) }
      next.isEstimate = sum.isEstimate || part.isEstimate
      next.reason = sum.reason.isEmpty ? part.reason : sum.reason
      next.asOf = [sum.asOf, part.asOf].compactMap(\.self).min()
      result = next
    }
    return result?.informative
  }

  /// `nil` for an empty sequence. If sums may overflow, the caller must pass a safe `add`.
  package static func sum(_ parts: some Sequence<Known>, _ add: (Value, Value) -> Value = { $0 + $1 }) -> Known? {
    fold(parts, add)
  }

  /// `nil` for an empty sequence.
  package static func max(_ parts: some Sequence<Known>) -> Known? { fold(parts) { Swift.max($0, $1) } }
}

extension Known<Double> {
  /// The share `part / (part + rest)`, 0 to 1; `nil` if both are certainly zero.
  package static func share(_ part: Known, of rest: Known) -> Known? {
    func share(_ part: Double, _ rest: Double) -> Double? { part + rest > 0 ? part / (part + rest) : nil }
    if part.high == 0, rest.high == 0 { return nil }
    // The minimum is at the minimum of `part` and the maximum of `rest`.
    let least = rest.high.flatMap { share(part.low ?? 0, $0) } ?? 0
    let most = part.high.flatMap { share($0, rest.low ?? 0) } ?? 1
    let reason = part.reason.isEmpty ? rest.reason : part.reason
    if least == 0, most == 1, !(part.isExact && rest.isExact) { return .unknown(reason) }
    var result = Known.between(least, most, reason)
    result.isEstimate = part.isEstimate || rest.isEstimate
    result.asOf = [part.asOf, rest.asOf].compactMap(\.self).min()
    return result.informative
  }
}

/// The comparison of a number with a threshold; the raw value is its notation.
package enum Comparison: String, CaseIterable, Sendable {
  // Two-character operators first: the parser tries them in this order.
  case equal = "=="
  case unequal = "!="
  case atMost = "<="
  case atLeast = ">="
  case below = "<"
  case above = ">"
}

extension Known {
  /// `nil` if the known range does not decide it.
  package func holds(_ comparison: Comparison, _ limit: Value) -> Bool? {
    switch comparison {
    case .above: isAbove(limit)
    case .atMost: isAbove(limit).map { !$0 }
    case .atLeast: isAtLeast(limit)
    case .below: isAtLeast(limit).map { !$0 }
    case .equal: equals(limit)
    case .unequal: equals(limit).map { !$0 }
    }
  }

  private func isAbove(_ limit: Value) -> Bool? {
    guard asOf == nil else { return nil }
    if let low, low > limit { return true }
    if let high, high <= limit { return false }
    return nil
  }

  private func isAtLeast(_ limit: Value) -> Bool? {
    guard asOf == nil else { return nil }
    if let low, low >= limit { return true }
    if let high, high < limit { return false }
    return nil
  }

  private func equals(_ limit: Value) -> Bool? {
    guard asOf == nil else { return nil }
    if let low, let high, low == limit, high == limit { return true }
    if let low, low > limit { return false }
    if let high, high < limit { return false }
    return nil
  }
}

extension Known: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) { self = .unknown() }
}

extension Known: ExpressibleByIntegerLiteral where Value: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Value.IntegerLiteralType) { self = .exact(Value(integerLiteral: value)) }
}
