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

  func run(_ budgets: Budgets) throws {
    print("catch-up, \(events.count) messages from a broker on this machine")
    let kcat = Rate.best(of: 3, by: .wall) { runKcat() }
    let own = Rate.best(of: 3, by: .wall) { read(newest: .max) }
    print("  kcat: \(Int(kcat.perSecond)) messages/s")
    print(
      "  sagatop: \(Int(own.perSecond)) messages/s, takes \((kcat.perSecond / own.perSecond * 100).rounded() / 100) times as long"
    )
    budgets.add(
      "catch-up, as long as kcat takes", kcat.perSecond / own.perSecond, .atMost(1), unit: " times",
      ratio: "\(Int(own.perSecond)) against \(Int(kcat.perSecond)) messages/s", by: "catch-up")
    let present = Timing(runs: 3) { _ = read() }
    print("  sagatop, the present of them: \(present.text)")
    budgets.add(
      "the present is right", present.median / .seconds(1), .atMost(5), unit: " s",
      ratio: "of \(events.count) messages", by: "catch-up")
    try deadline(budgets)
  }

  /// A snapshot whose timeout is shorter than the time to read all messages.
  private func deadline(_ budgets: Budgets) throws {
    let words = [
      try LiveProgram.path, "snapshot", "--brokers", server.brokers, "--preset", "spring", "--since", "all",
      "--timeout",
      "300ms",
    ]
    let took = try Timing(runs: 3) { try runToEnd(words, mayFail: true) }
    print("  snapshot --timeout 300ms: \(took.text)")
    budgets.add(
      "a snapshot ends after its time-out", took.runs[took.runs.count - 1] / .milliseconds(1) - 300, .atMost(1000),
      unit: " ms", by: "catch-up")
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

  private func read(newest: Int? = nil) -> Int {
    var system = Shop.system
    system.fields.type = [.path(["eventType"])]
    let symbols = SymbolTable()
    let store = Store(system, context: .init(name: "bench"), symbols: symbols, now: SystemClock.now)
    guard let pattern = try? NamePattern(Self.topic) else { return 0 }
    var settings = KafkaSettings(brokers: server.brokers, properties: Self.properties, topics: [pattern])
    if let newest { settings.newest = newest }
    let source = KafkaSource(settings, system: system, symbols: symbols, sink: store)
    source.start()
    // With `newest`, older messages are read after the newest ones.
    _ = blockUntil(.seconds(120)) { newest == nil ? store.sources.first?.isComplete ?? false : store.isComplete }
    return store.sources.first?.messages ?? 0
  }
}
