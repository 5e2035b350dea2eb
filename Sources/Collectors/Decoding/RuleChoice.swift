import Core

/// Finds the rule of an event, and remembers which rules each type may have. Belongs to one thread.
struct RuleChoice {
  /// Of one type.
  private enum Entry {
    case unknown
    case none
    /// There is one rule, and it has no conditions.
    case always(UInt16)
    /// A place in `lists`.
    case several(Int)
  }

  /// Types with greater numbers are looked up each time.
  private static let mostTypes = 1 << 16

  private let definitions: [CompiledFields.Definition]
  private let symbols: SymbolTable
  /// By definition, then by the type's number.
  private var entries: [[Entry]]
  private var lists: [[UInt16]] = []

  init(_ fields: CompiledFields, symbols: SymbolTable) {
    definitions = fields.definitions
    self.symbols = symbols
    entries = Array(repeating: [], count: definitions.count)
  }

  /// Whether the definition has rules for the type at all.
  mutating func knows(_ type: Symbol, _ definition: Int) -> Bool {
    if case .none = entry(type, definition) { false } else { true }
  }

  /// The first whose conditions hold; `EventRule.none` where no rule's do.
  mutating func rule(of type: Symbol, _ definition: Int, _ view: borrowing MessageView) -> UInt16 {
    switch entry(type, definition) {
    case .unknown, .none: return EventRule.none
    case .always(let rule): return rule
    case .several(let place):
      for rule in lists[place] where definitions[definition].conditions[Int(rule)].allSatisfy({ $0.holds(view) }) {
        return rule
      }
      return EventRule.none
    }
  }

  private mutating func entry(_ type: Symbol, _ definition: Int) -> Entry {
    let number = Int(type.number)
    if number < entries[definition].count {
      let known = entries[definition][number]
      if case .unknown = known {} else { return known }
    }
    let found = find(type, definition)
    guard number < Self.mostTypes else { return found }
    if number >= entries[definition].count {
      entries[definition] += Array(repeating: .unknown, count: number + 1 - entries[definition].count)
    }
    entries[definition][number] = found
    return found
  }

  private mutating func find(_ type: Symbol, _ definition: Int) -> Entry {
    let rules = definitions[definition].rules.candidates(of: type, symbols)
    guard let first = rules.first else { return .none }
    if definitions[definition].conditions[Int(first)].isEmpty { return .always(first) }
    if let place = lists.firstIndex(of: rules) { return .several(place) }
    lists.append(rules)
    return .several(lists.count - 1)
  }
}
