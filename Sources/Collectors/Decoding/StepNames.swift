import Core
import Text

/// Finds the step for a name or alias. Belongs to one thread.
struct StepNames {
  private static let most = 4096

  private let aliases: [(pattern: NamePattern, step: Symbol)]
  private let symbols: SymbolTable
  private var known: [Symbol: Symbol] = [:]

  init(_ aliases: [(pattern: NamePattern, step: Symbol)], symbols: SymbolTable) {
    self.aliases = aliases
    self.symbols = symbols
  }

  mutating func step(_ name: Symbol) -> Symbol {
    if aliases.isEmpty { return name }
    if let step = known[name] { return step }
    let text = symbols.text(name)
    let step = aliases.first { $0.pattern.matches(text) }?.step ?? name
    if known.count < Self.most { known[name] = step }
    return step
  }
}
