/// How often each of some names came, for names from outside: past `capacity` names the rest counts together.
struct BoundedCounts: Sendable {
  private(set) var counts: [Symbol: Int] = [:]
  private(set) var others = 0
  private let capacity: Int

  init(capacity: Int = 64) {
    self.capacity = capacity
  }

  mutating func add(_ name: Symbol) {
    if counts[name] != nil || counts.count < capacity {
      counts[name, default: 0] += 1
    } else {
      others += 1
    }
  }

  mutating func remove(_ name: Symbol) {
    guard let count = counts[name] else {
      others = max(0, others - 1)
      return
    }
    counts[name] = count > 1 ? count - 1 : nil
  }

  /// Most first, then by name.
  func named(_ symbols: SymbolTable) -> [NamedCount] {
    counts.map { NamedCount(name: symbols.name($0.key), count: $0.value) }
      .sorted { ($1.count, $0.name ?? "") < ($0.count, $1.name ?? "") }
  }
}
