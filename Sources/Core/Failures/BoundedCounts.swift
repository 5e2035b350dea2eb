/// How often each of some names came, for names from outside: past `capacity` names the rest counts together.
struct BoundedCounts<Name: Hashable & Sendable>: Sendable {
  private(set) var counts: [Name: Int] = [:]
  private(set) var others = 0
  private let capacity: Int

  init(capacity: Int = 64) {
    self.capacity = capacity
  }

  mutating func add(_ name: Name) { change(name, by: 1) }

  mutating func remove(_ name: Name) { change(name, by: -1) }

  mutating func change(_ name: Name, by amount: Int) {
    if let count = counts[name] {
      counts[name] = count + amount > 0 ? count + amount : nil
    } else if amount > 0, counts.count < capacity {
      counts[name] = amount
    } else {
      others = max(0, others + amount)
    }
  }
}

extension BoundedCounts<Symbol> {
  /// Most first, then by name.
  func named(_ symbols: SymbolTable) -> [NamedCount] {
    counts.map { NamedCount(name: symbols.name($0.key), count: $0.value) }
      .sorted { ($1.count, $0.name ?? "") < ($0.count, $1.name ?? "") }
  }
}
