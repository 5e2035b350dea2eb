import Core

/// Finds the rule of an event, and caches the rules of each type. Belongs to one thread.
struct RuleChoice {
  /// The rules of one type.
  private enum Entry {
    case unknown
    case none
    /// This rule always applies: it is the first one and has no conditions.
    case always(UInt16)
    /// Index in `lists`.
    case several(Int)
  }

  /// Types with larger symbol numbers are not cached.
  private static let mostTypes = 1 << 16

  private let definitions: [CompiledFields.Definition]
  private let symbols: SymbolTable
  /// By definition, then by the number of the type's symbol.
  private var entries: [[Entry]]
  private var lists: [[UInt16]] = []

  init(_ fields: CompiledFields, symbols: SymbolTable) {
    definitions = fields.definitions
    self.symbols = symbols
    entries = Array(repeating: [], count: definitions.count)
  }

  /// Whether the definition has any rule for the type.
  mutating func knows(_ type: Symbol, _ definition: Int) -> Bool {
    if case .none = entry(type, definition) { false } else { true }
  }

  /// The first rule for which all conditions hold; `EventRule.none` if there is none.
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
