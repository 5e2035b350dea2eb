/// All that is known about consumer groups, over time. Not safe on several threads: `Store` guards it.
struct LagState {
  private let symbols: SymbolTable

  init(symbols: SymbolTable) {
    self.symbols = symbols
  }

  mutating func fold(_ group: GroupReading, at time: Timestamp) {}

  mutating func finish(_ reading: LagReading) {}

  func view(matching pattern: String, limit: Int, now: Timestamp) -> LagView { LagView() }

  func group(_ name: String, now: Timestamp) -> GroupView? { nil }
}
