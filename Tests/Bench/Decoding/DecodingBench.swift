import CSimdjsonPass
import Collectors
import Core

/// Decodes and folds recorded events on one thread, against simdjson's own pass over the same bytes.
struct DecodingBench {
  private static let padding = 64
  private static let batch = 1000

  private let events = Shop.events(orders: 100_000)
  private let bytes: [UInt8]
  private let starts: [Int]
  private let keys: [[UInt8]]

  init() {
    var bytes: [UInt8] = []
    var starts = [0]
    for event in events {
      bytes += event.body.utf8
      starts.append(bytes.count)
    }
    self.bytes = bytes + [UInt8](repeating: 0, count: Self.padding)
    self.starts = starts
    keys = events.map { Array($0.key.utf8) }
  }

  func run() {
    print("decode and fold, \(events.count) events of \(starts[events.count] / events.count) bytes, one thread")
    let pass = Rate.best(of: 5, by: .thread) { simdjson() }
    let decoded = Rate.best(of: 5, by: .thread) { decode { _ in } }
    let folded = Rate.best(of: 5, by: .thread) {
      let symbols = SymbolTable()
      let store = Store(Shop.system, context: .init(name: "bench"), symbols: symbols, now: { Self.now })
      // As long as a source reads what was there before, no saga is late.
      store.accept(SourceStatus(.kafka, phase: .catchingUp))
      return decode(symbols) { batch in store.accept(batch) }
    }
    report("simdjson alone, five fields", pass, of: pass)
    report("decode", decoded, of: pass)
    report("decode and fold", folded, of: pass)
    print("  budget: 1,000,000 a second, and a tenth of simdjson's own pass")
  }

  private static let now = Timestamp(milliseconds: 1_769_508_000_000 + 3_600_000)

  private func report(_ name: String, _ rate: Rate, of pass: Rate) {
    let share = (rate.perSecond / pass.perSecond * 1000).rounded() / 10
    print("  \(name): \(Int(rate.perSecond)) events/s, \(share) % of simdjson")
  }

  private func simdjson() -> Int {
    bytes.withUnsafeBytes { sg_simdjson_pass($0.baseAddress, starts, events.count) > 0 ? events.count : 0 }
  }

  private func decode(_ symbols: SymbolTable = SymbolTable(), _ take: (EventBatch) -> Void) -> Int {
    var decoder = Decoder(CompiledFields(Shop.system, symbols: symbols), symbols: symbols)
    let topics = Shop.topics.map { (name: Array($0.utf8), symbol: symbols.symbol($0)) }
    let (headerName, headerValue) = (Array("node".utf8), Array("node-2".utf8))
    var batch = EventBatch()
    bytes.withUnsafeBytes { bytes in
      headerName.withUnsafeBytes { name in
        headerValue.withUnsafeBytes { value in
          let headers = [ConsumedMessage.Header(name: name, value: value)]
          for index in events.indices {
            let topic = topics[events[index].topic]
            keys[index].withUnsafeBytes { key in
              let body = UnsafeRawBufferPointer(rebasing: bytes[starts[index]..<starts[index + 1]])
              let message = ConsumedMessage(
                origin: Origin(topic: topic.symbol, partition: 0, offset: Int64(index)), brokerTime: Self.now,
                receivedAt: Self.now, key: key, body: body, headers: headers)
              topic.name.withUnsafeBytes { decoder.decode(message, topicName: $0, into: &batch) }
            }
            if batch.events.count == Self.batch {
              take(batch)
              batch.removeAll()
            }
          }
        }
      }
    }
    take(batch)
    return events.count
  }
}
