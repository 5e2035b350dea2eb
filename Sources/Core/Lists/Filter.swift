import Text

/// A filter as an operator types it: words separated by spaces that must all match. Each list declares its words.
///
/// `payment` is searched for in the texts of a row; `status:stuck`, `type:order`, `id:7f3a`, `error:declined` test one word; `id=7f3a` is
/// an exact match of bytes; `age>5m`, `lag>=100` compare. `!` before a word negates it, quotes include spaces. ASCII letters match in any
/// case, except after `=`. Comparisons with unknown values are false.
package struct Filter: Sendable, Equatable {
  package enum Comparison: String, Sendable {
    case less = "<"
    case atMost = "<="
    case more = ">"
    case atLeast = ">="
    case equal = "="

    func holds(_ left: Double, _ right: Double) -> Bool {
      switch self {
      case .less: left < right
      case .atMost: left <= right
      case .more: left > right
      case .atLeast: left >= right
      case .equal: left == right
      }
    }
  }

  package enum Test: Sendable, Equatable {
    /// Contains the text, which is in lower case.
    case contains([UInt8])
    /// Matches the whole text, where `*` matches any characters. In lower case unless `isExact`.
    case whole([UInt8], isExact: Bool)
    /// Equals the text, byte for byte.
    case equals([UInt8])
    /// Durations are in seconds.
    case number(Comparison, Double)
  }

  package struct Term: Sendable, Equatable {
    /// The word of the list; `nil` for a text search.
    package var word: String?
    package var test: Test
    package var isNegated: Bool
  }

  package var terms: [Term]

  package static let all = Filter(terms: [])

  package init(terms: [Term]) {
    self.terms = terms
  }

  package var matchesAll: Bool { terms.isEmpty }

  /// Whether it requires a value of at least one word. A filter of searches and negations only is not decisive: with a misspelt word it
  /// may match everything.
  package var isDecisive: Bool { terms.contains { $0.word != nil && !$0.isNegated } }

  package func matches<Subject: Filterable>(_ subject: Subject, now: Timestamp) -> Bool {
    terms.allSatisfy { term in
      guard let word = term.word else {
        let isFound = Subject.filterWords.contains {
          $0.word.isSearched && Self.holds(term.test, $0.value(subject, now))
        }
        return isFound != term.isNegated
      }
      guard let known = Subject.filterWords.first(where: { $0.word.name == word }) else { return false }
      let value = known.value(subject, now)
      if case .number(nil) = value { return false }
      return Self.holds(term.test, value) != term.isNegated
    }
  }

  private static func holds(_ test: Test, _ value: FilterValue) -> Bool {
    switch (test, value) {
    case (.contains(let text), .texts(let texts)): texts.contains { ASCIIMatch.contains($0, text) }
    case (.whole(let pattern, let isExact), .texts(let texts)):
      texts.contains { ASCIIMatch.isWhole($0, pattern, isExact: isExact) }
    case (.equals(let bytes), .texts(let texts)): texts.contains { $0.utf8.elementsEqual(bytes) }
    case (.number(let comparison, let limit), .number(let number?)): comparison.holds(number, limit)
    default: false
    }
  }
}

/// The value of a row for a filter word.
package enum FilterValue: Sendable {
  case texts([String])
  /// Durations in seconds. `nil` if unknown: no comparison holds, negated or not.
  case number(Double?)

  static func texts(_ texts: String?...) -> FilterValue { .texts(texts.compactMap { $0 }) }
  static func duration(_ duration: Duration?) -> FilterValue { .number(duration?.seconds) }
  static func count(_ count: (some BinaryInteger)?) -> FilterValue { .number(count.map { Double($0) }) }
}

/// A filter word of a list, and how to get its value from a row.
package struct FilterWord<Subject>: Sendable {
  let word: FilterVocabulary.Word
  let value: @Sendable (Subject, Timestamp) -> FilterValue

  /// `isSearched`: a text without a word is searched for in it.
  init(
    _ name: String, _ kind: FilterVocabulary.Kind = .text, isSearched: Bool = false,
    value: @escaping @Sendable (Subject, Timestamp) -> FilterValue
  ) {
    word = FilterVocabulary.Word(name: name, kind: kind, isSearched: isSearched)
    self.value = value
  }
}

package protocol Filterable {
  static var filterWords: [FilterWord<Self>] { get }
}

/// The filter words of a list, for parsing a filter.
package struct FilterVocabulary: Sendable {
  package enum Kind: Sendable {
    /// `:` matches a part of it, `=` is exact.
    case text
    /// An id: like a text. If an action is decided, `:` is exact unless the value contains `*`.
    case id
    /// A whole name, where `*` matches any characters; `=` is exact.
    case name
    /// One of these words.
    case oneOf([String])
    case number
    case duration
  }

  package struct Word: Sendable {
    package let name: String
    package let kind: Kind
    package let isSearched: Bool
  }

  /// "sagas"
  package let list: String
  package let words: [Word]

  package init<Subject: Filterable>(_ list: String, _ subject: Subject.Type) {
    self.list = list
    words = subject.filterWords.map(\.word)
  }

  /// The vocabularies of all lists.
  package static var lists: [FilterVocabulary] {
    [
      SagaRow.vocabulary, GroupRow.vocabulary, LockRow.vocabulary, ServiceLine.vocabulary, NodeRow.vocabulary,
      EventRow.vocabulary, CompensationView.vocabulary, FailurePatternRow.vocabulary, TopicRow.vocabulary,
      MemberRow.vocabulary, ActionRecord.vocabulary,
    ]
  }

  /// "id, type, status, step, age"
  package var names: String { words.map(\.name).joined(separator: ", ") }
}

/// Compares texts without building strings. ASCII letters match in any case.
enum ASCIIMatch {
  static func lowered(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
  }

  /// `needle` must be in lower case; an empty one always matches.
  static func contains(_ text: String, _ needle: [UInt8]) -> Bool {
    guard let first = needle.first else { return true }
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count >= needle.count else { return false }
      return (0...(bytes.count - needle.count)).contains { start in
        lowered(bytes[start]) == first && needle.indices.allSatisfy { lowered(bytes[start + $0]) == needle[$0] }
      }
    }
  }

  /// Whether `pattern`, in which `*` matches any bytes, matches the whole text. In lower case unless `isExact`.
  static func isWhole(_ text: String, _ pattern: [UInt8], isExact: Bool) -> Bool {
    let bytes = isExact ? Array(text.utf8) : text.utf8.map(lowered)
    var (place, index) = (0, 0)
    var star: (place: Int, index: Int)?
    while index < bytes.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, index)
        place += 1
      } else if place < pattern.count, pattern[place] == bytes[index] {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        (place, index) = (last.place + 1, last.index + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
