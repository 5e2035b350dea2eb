import Synchronization

/// A name that repeats (event type, topic, node, step), as a number of its `SymbolTable`.
/// Numbers are given in order of first sight: compare the texts, not the numbers, where an order must be repeatable.
package struct Symbol: Hashable, Sendable {
  package var number: UInt32

  package init(number: UInt32) {
    self.number = number
  }

  /// No name was told; its text is empty.
  package static let none = Symbol(number: 0)

  package var isNone: Bool { number == 0 }
}

/// Names by number and numbers by name. Safe on any thread. One table serves a whole program: collectors write, readers look up.
///
/// It holds at most `capacity` names, because names come from outside; past that every new name is `overflow`.
package final class SymbolTable: Sendable {
  private struct Names {
    var texts = [""]
    var numbers = ["": UInt32(0)]
  }

  /// The text that stands for every name beyond the capacity.
  package static let overflow = "(too many names)"

  private let names = Mutex(Names())
  private let capacity: Int

  package init(capacity: Int = 100_000) {
    self.capacity = capacity
  }

  /// The number of `text`; the empty text is `Symbol.none`.
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

  /// As `text`, but `nil` where no name was told.
  package func name(_ symbol: Symbol) -> String? {
    symbol.isNone ? nil : text(symbol)
  }
}
