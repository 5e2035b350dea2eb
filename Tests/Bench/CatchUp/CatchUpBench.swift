import Collectors
import Core
import Glibc
import TestSupport
import Text

/// Time to read a full topic, compared to `kcat -C -e -q`.
struct CatchUpBench {
  private static let topic = "orders"
  private static let partitions = 6
  /// The server fills a response with all available data.
  private static let properties = [(name: "receive.message.max.bytes", value: "1000000000")]

  private let server: NoidaServer
  private let events = Shop.events(orders: 100_000)

  init() throws {
    server = try NoidaServer()
    let producer = try TestProducer(server.brokers)
    try producer.createTopic(Self.topic, partitions: Int32(Self.partitions))
    for start in stride(from: 0, to: events.count, by: 20_000) {
      try producer.write(
        events[start..<min(start + 20_000, events.count)].map { event in
          .init(
            Self.topic, event.body, key: event.key, partition: Int32((Int(event.key) ?? 0) % Self.partitions),
            headers: [("node", "node-2")])
        })
    }
  }

  func run() throws {
    print("catch-up, \(events.count) messages from a broker on this machine")
    let kcat = Rate.best(of: 3, by: .wall) { runKcat() }
    let own = Rate.best(of: 3, by: .wall) { read() }
    print("  kcat: \(Int(kcat.perSecond)) messages/s")
    print(
      "  sagatop: \(Int(own.perSecond)) messages/s, takes \((kcat.perSecond / own.perSecond * 100).rounded() / 100) times as long"
    )
    print("  budget: 1.3 times")
  }

  private func runKcat() -> Int {
    let command =
      "kcat -C -e -q -b \(server.brokers) -t \(Self.topic) -o beginning "
      + Self.properties.map { "-X \($0.name)=\($0.value)" }.joined(separator: " ") + " | wc -l"
    guard let pipe = popen(command, "r") else { return 0 }
    defer { pclose(pipe) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, pipe) != nil else { return 0 }
    return Int(atol(line))
  }

  private func read() -> Int {
    var system = Shop.system
    system.fields.type = [.path(["eventType"])]
    let symbols = SymbolTable()
    let store = Store(system, context: .init(name: "bench"), symbols: symbols, now: SystemClock.now)
    guard let pattern = try? NamePattern(Self.topic) else { return 0 }
    let source = KafkaSource(
      KafkaSettings(brokers: server.brokers, properties: Self.properties, topics: [pattern]), system: system,
      symbols: symbols, sink: store)
    source.start()
    _ = blockUntil(.seconds(120)) { store.isComplete }
    return store.sources.first?.messages ?? 0
  }
}
