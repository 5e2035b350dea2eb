import Core

/// Finds the symbol of a name by its bytes. A known name costs a hash and a comparison, and creates no string. Each thread has its own
/// cache of the shared table.
struct SymbolCache {
  private struct Entry {
    var hash: UInt64 = 0
    var text: [UInt8] = []
    var symbol = Symbol.none
  }

  private static let slots = 1024
  /// Longer names are truncated, because they are external input.
  private static let longest = 200

  private let table: SymbolTable
  private var entries = Array(repeating: Entry(), count: slots)

  init(_ table: SymbolTable) {
    self.table = table
  }

  mutating func symbol(_ name: UnsafeRawBufferPointer) -> Symbol {
    if name.isEmpty { return .none }
    let bytes = Bytes.prefix(name, Self.longest)
    let hash = Bytes.hash(bytes)
    let slot = Int(hash % UInt64(Self.slots))
    if entries[slot].hash == hash, Bytes.equal(bytes, entries[slot].text) { return entries[slot].symbol }
    let symbol = table.symbol(Bytes.string(bytes))
    entries[slot] = Entry(hash: hash, text: Array(bytes), symbol: symbol)
    return symbol
  }
}
