import Text

/// Finds the rules for a type of event: those that name it, then those whose glob matches it, each in the order of the definition.
package struct RuleIndex: Sendable {
  private let exact: [Symbol: [UInt16]]
  private let globs: [(pattern: NamePattern, rule: UInt16)]
  /// By rule: it has conditions.
  private let isConditional: [Bool]

  package init(_ events: [EventRule], symbols: SymbolTable) {
    var exact: [Symbol: [UInt16]] = [:]
    var globs: [(NamePattern, UInt16)] = []
    let rules = events.prefix(Int(EventRule.none))
    for (index, rule) in rules.enumerated() {
      if let pattern = Self.glob(rule.type) {
        globs.append((pattern, UInt16(index)))
      } else {
        exact[symbols.symbol(rule.type), default: []].append(UInt16(index))
      }
    }
    self.exact = exact
    self.globs = globs
    isConditional = rules.map { !$0.conditions.isEmpty }
  }

  /// Only `*` and `?` are special: a name may begin with `^`.
  package static func glob(_ text: String) -> NamePattern? {
    guard !text.hasPrefix("^"), let pattern = try? NamePattern(text), pattern.exactName == nil else { return nil }
    return pattern
  }

  /// The rules that are tried in turn for events of that type. Costs a match per glob: keep the answer.
  package func candidates(of type: Symbol, _ symbols: SymbolTable) -> [UInt16] {
    let named = exact[type] ?? []
    guard !globs.isEmpty, !type.isNone else { return named }
    let name = symbols.text(type)
    return named + globs.filter { $0.pattern.matches(name) }.map(\.rule)
  }

  /// The rule of an event of which nothing but the type is known: the first candidate without conditions.
  package func rule(of type: Symbol, _ symbols: SymbolTable) -> UInt16 {
    if globs.isEmpty { return exact[type]?.first { !isConditional[Int($0)] } ?? EventRule.none }
    return candidates(of: type, symbols).first { !isConditional[Int($0)] } ?? EventRule.none
  }
}
