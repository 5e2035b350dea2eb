import Core
import Glibc

/// Topics' names as symbols and back, without asking the table, which all threads share, for every partition. Belongs to one thread.
package final class TopicNames {
  /// Topics come and go; past this many it starts anew.
  private static let capacity = 100_000

  private let table: SymbolTable
  private var symbols: [String: Symbol] = [:]
  private var names: [Symbol: String] = [:]
  private var last: (name: UnsafeMutablePointer<CChar>, symbol: Symbol)?

  package init(_ table: SymbolTable) {
    self.table = table
  }

  deinit {
    free(last?.name)
  }

  package func symbol(_ name: String) -> Symbol {
    if let known = symbols[name] { return known }
    if symbols.count >= Self.capacity { (symbols, names) = ([:], [:]) }
    let symbol = table.symbol(name)
    symbols[name] = symbol
    names[symbol] = table.text(symbol)
    return symbol
  }

  /// Partitions of one topic come in a row, so the last name is mostly the right one.
  package func symbol(_ name: UnsafePointer<CChar>) -> Symbol {
    if let last, strcmp(last.name, name) == 0 { return last.symbol }
    let symbol = symbol(String(cString: name))
    free(last?.name)
    last = strdup(name).map { ($0, symbol) }
    return symbol
  }

  /// Of a symbol that came from here.
  package func name(_ symbol: Symbol) -> String { names[symbol] ?? table.text(symbol) }
}
