import Synchronization

/// A repeated name (event type, topic, node, step), as a number in its `SymbolTable`. Numbers are assigned in order of first occurrence:
/// compare the texts, not the numbers, if an order must be reproducible.
package struct Symbol: Hashable, Sendable {
  package var number: UInt32

  package init(number: UInt32) {
    self.number = number
  }

  /// No name; its text is empty.
  package static let none = Symbol(number: 0)

  package var isNone: Bool { number == 0 }
}

/// Maps names to numbers and back. Safe on any thread. One table serves a whole program: collectors write to it, views read from it.
///
/// It stores at most `capacity` names, because names come from external input; above that every new name is `overflow`.
package final class SymbolTable: Sendable {
  private struct Names {
    var texts = [""]
    var numbers = ["": UInt32(0)]
  }

  /// The text of every name above the capacity.
  package static let overflow = "(too many names)"

  private let names = Mutex(Names())
  private let capacity: Int

  package init(capacity: Int = 100_000) {
    self.capacity = capacity
  }

  /// The symbol of `text`; the empty text is `Symbol.none`.
  package func symbol(_ text: String) -> Symbol {
    names.withLock { names in
      if let number = names.numbers[text] { return Symbol(number: number) }
      let kept = names.texts.count < capacity ? text : Self.overflow
      if let number = names.numbers[kept] { return Symbol(number: number) }
      let number = UInt32(names.texts.count)
      names.texts.append(kept)
      names.numbers[kept] = number
      return Symbol(number: number)
    }
  }

  package func text(_ symbol: Symbol) -> String {
    names.withLock { names in
      Int(symbol.number) < names.texts.count ? names.texts[Int(symbol.number)] : ""
    }
  }

  /// Like `text`, but `nil` for `Symbol.none`.
  package func name(_ symbol: Symbol) -> String? {
    symbol.isNone ? nil : text(symbol)
  }
}
