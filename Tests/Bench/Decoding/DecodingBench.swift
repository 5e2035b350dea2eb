import CSimdjsonPass
import Collectors
import Core

/// Decodes and folds events in memory on one thread, compared to a plain simdjson pass over the same bytes.
struct DecodingBench {
  private static let orders = 100_000

  func run(_ budgets: Budgets) {
    let close = ShopMessages(Shop.events(orders: Self.orders))
    print("decode and fold, \(close.count) events of \(close.bodyBytes / close.count) bytes, one thread")
    let pass = Rate.best(of: 5, by: .thread) { close.simdjson() }
    report("simdjson alone, five fields", pass, of: pass)
    report("decode", Rate.best(of: 5, by: .thread) { close.decode { _ in } }, of: pass)
    let few = fold(close)
    report("fold, 100 sagas at once", few, of: pass)
    let both = Rate.best(of: 5, by: .thread) { decodeAndFold(close) }
    report("decode and fold, 100 sagas at once", both, of: pass)
    let wide = ShopMessages(Shop.events(orders: Self.orders, atOnce: Self.orders))
    let many = fold(wide)
    report("fold, \(Self.orders) sagas at once", many, of: pass)
    report(
      "decode and fold, \(Self.orders) sagas at once", Rate.best(of: 5, by: .thread) { decodeAndFold(wide) }, of: pass)
    let share = both.perSecond / pass.perSecond * 100
    budgets.add(
      "decode and fold", both.perSecond, .atLeast(1_000_000), unit: " events/s of a core",
      ratio: "\(Budgets.text(share)) % of simdjson", by: "decode")
    budgets.add("decode and fold, of simdjson", share, .atLeast(15), unit: " %", by: "decode")
    let part = many.perSecond / few.perSecond * 100
    budgets.add("fold, 100,000 sagas at once, of 100", part, .atLeast(80), unit: " %", by: "decode")
  }

  private func report(_ name: String, _ rate: Rate, of pass: Rate) {
    let share = (rate.perSecond / pass.perSecond * 1000).rounded() / 10
    print("  \(name): \(Int(rate.perSecond)) events/s, \(share) % of simdjson")
  }

  private func decodeAndFold(_ messages: ShopMessages) -> Int {
    let symbols = SymbolTable()
    let store = Shop.store(symbols)
    return messages.decode(symbols) { batch in store.accept(batch) }
  }

  private func fold(_ messages: ShopMessages) -> Rate {
    let symbols = SymbolTable()
    var batches: [EventBatch] = []
    _ = messages.decode(symbols) { batches.append($0) }
    return Rate.best(of: 5, by: .thread) {
      let store = Shop.store(symbols)
      for batch in batches { store.accept(batch) }
      return messages.count
    }
  }
}

/// The shop's messages in contiguous memory, as a reader receives them.
struct ShopMessages {
  private static let padding = 64
  private static let batch = 1000

  private let bytes: [UInt8]
  private let starts: [Int]
  private let keys: [UInt8]
  private let keyStarts: [Int]
  private let topics: [Int]

  init(_ events: [Shop.Written]) {
    var (bytes, keys): ([UInt8], [UInt8]) = ([], [])
    var (starts, keyStarts) = ([0], [0])
    for event in events {
      bytes += event.body.utf8
      starts.append(bytes.count)
      keys += event.key.utf8
      keyStarts.append(keys.count)
    }
    self.bytes = bytes + [UInt8](repeating: 0, count: Self.padding)
    (self.starts, self.keys, self.keyStarts) = (starts, keys, keyStarts)
    topics = events.map(\.topic)
  }

  var count: Int { topics.count }
  var bodyBytes: Int { starts[count] }

  func simdjson() -> Int {
    bytes.withUnsafeBytes { sg_simdjson_pass($0.baseAddress, starts, count) > 0 ? count : 0 }
  }

  /// Passes batches to `take` like a reader. `part` of `parts` selects a share that consists of complete sagas.
  func decode(
    _ symbols: SymbolTable = SymbolTable(), part: Int = 0, of parts: Int = 1, _ take: (inout EventBatch) -> Void
  ) -> Int {
    var decoder = Decoder(CompiledFields(Shop.system, symbols: symbols), symbols: symbols)
    let names = Shop.topics.map { (name: Array($0.utf8), symbol: symbols.symbol($0)) }
    var batch = EventBatch()
    var decoded = 0
    withHeaders { headers in
      bytes.withUnsafeBytes { bytes in
        keys.withUnsafeBytes { keys in
          for index in 0..<count where parts == 1 || keys[keyStarts[index + 1] - 1] % UInt8(parts) == part {
            let message = ConsumedMessage(
              origin: Origin(topic: names[topics[index]].symbol, partition: Int32(part), offset: Int64(index)),
              brokerTime: Shop.now, receivedAt: Shop.now,
              key: UnsafeRawBufferPointer(rebasing: keys[keyStarts[index]..<keyStarts[index + 1]]),
              body: UnsafeRawBufferPointer(rebasing: bytes[starts[index]..<starts[index + 1]]), headers: headers)
            names[topics[index]].name.withUnsafeBytes { decoder.decode(message, topicName: $0, into: &batch) }
            decoded += 1
            if batch.events.count == Self.batch {
              take(&batch)
              batch.removeAll()
            }
          }
        }
      }
    }
    take(&batch)
    return decoded
  }

  private func withHeaders(_ body: ([ConsumedMessage.Header]) -> Void) {
    Array("node".utf8).withUnsafeBytes { name in
      Array("node-2".utf8).withUnsafeBytes { value in body([ConsumedMessage.Header(name: name, value: value)]) }
    }
  }
}
