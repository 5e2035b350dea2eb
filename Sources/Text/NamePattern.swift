/// A pattern for names: an exact name, a glob (`order-*`, `?`), or a regular expression that starts with `^`.
package struct NamePattern: Sendable {
  package struct Invalid: Error, Equatable {
    package var message: String
  }

  private enum Kind: Sendable {
    case exact
    case glob([Unicode.Scalar])
    case regex
  }

  package let text: String
  private let kind: Kind

  /// Throws if the regular expression is invalid.
  package init(_ text: String) throws(Invalid) {
    self.text = text
    if text.hasPrefix("^") {
      do { _ = try Regex(text) } catch { throw Invalid(message: "`\(text)` is no regular expression") }
      kind = .regex
    } else if text.contains("*") || text.contains("?") {
      kind = .glob(Array(text.unicodeScalars))
    } else {
      kind = .exact
    }
  }

  /// The name if the pattern is exact. `nil` for a glob or a regular expression.
  package var exactName: String? {
    if case .exact = kind { text } else { nil }
  }

  package func matches(_ name: String) -> Bool {
    switch kind {
    case .exact: name == text
    case .glob(let pattern): Self.glob(pattern, Array(name.unicodeScalars))
    // Regex is not Sendable, so it is compiled for each call. The number of names is small.
    case .regex: (try? Regex(text).firstMatch(in: name)) != nil
    }
  }

  /// Backtracks only to the last `*`: linear in practice, quadratic in the worst case.
  private static func glob(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
    var (place, index) = (0, 0)
    var star: (place: Int, index: Int)?
    while index < name.count {
      if place < pattern.count, pattern[place] == "*" {
        star = (place, index)
        place += 1
      } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[index] {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}
