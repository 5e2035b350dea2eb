/// A filter as an operator types it: words that must all match, separated by blanks.
///
/// `payment` matches any text of a row; `status:stuck`, `type:order`, `step:payment`, `node:node-2`, `id:7f3a`, `error:declined`
/// match that field; `age>5m`, `age<10s` compare; `pattern="stock short for <n>"` takes the sagas of a failure pattern. `!` before a
/// word turns it round, quotes hold blanks together. Letters' case does not matter in ASCII.
package struct Filter: Sendable, Equatable {
  package enum Field: String, CaseIterable, Sendable {
    case any, id, type, status, step, node, error, topic
  }

  package enum Condition: Sendable, Equatable {
    case contains(Field, [UInt8])
    case olderThan(Duration)
    case youngerThan(Duration)
    /// The saga has a failure whose pattern (`ErrorPattern`) is exactly this.
    case hasPattern(String)
  }

  package struct Term: Sendable, Equatable {
    package var condition: Condition
    package var isNegated: Bool
  }

  package var terms: [Term]

  package static let all = Filter(terms: [])

  package init(terms: [Term]) {
    self.terms = terms
  }

  package var matchesAll: Bool { terms.isEmpty }
}
