import Collectors
import Core
import Glibc

/// Decodes on one thread and folds on another, as the Kafka source does while catching up, compared to both on one thread.
struct ThreadsBench {
  private static let runs = 5

  private struct Run {
    /// In seconds: wall time, CPU time of the decoding thread, CPU time of the process.
    var wall: Double
    var decoding: Double
    var all: Double
  }

  func run(_ budgets: Budgets) {
    let messages = ShopMessages(Shop.events(orders: 100_000))
    print("decode and fold on two threads, \(messages.count) events")
    let one = best { Self.run(messages, hasThread: false) }
    let two = best { Self.run(messages, hasThread: true) }
    let folding = two.all - two.decoding
    print("  one thread: \(Self.rate(messages, one.wall)) events/s, \(Self.rate(messages, one.all)) of its core")
    print("  two threads: \(Self.rate(messages, two.wall)) events/s, \(Self.ratio(one.wall, two.wall)) times as many")
    print(
      "  of their cores: decoding \(Self.rate(messages, two.decoding)) events/s, folding "
        + "\(Self.rate(messages, folding)): \(Self.ratio(one.all, max(two.decoding, folding))) times as many where nothing else runs"
    )
    budgets.add(
      "decode and fold on two cores", Self.ratio(one.all, max(two.decoding, folding)), .atLeast(1.6), unit: " times",
      ratio: "\(Self.ratio(one.wall, two.wall)) times as time passed", by: "threads")
  }

  private func best(_ run: () -> Run) -> Run {
    let runs = (0..<Self.runs).map { _ in run() }
    return Run(
      wall: runs.map(\.wall).min() ?? 0, decoding: runs.map(\.decoding).min() ?? 0, all: runs.map(\.all).min() ?? 0)
  }

  private static func rate(_ messages: ShopMessages, _ seconds: Double) -> Int { Int(Double(messages.count) / seconds) }

  private static func ratio(_ one: Double, _ two: Double) -> Double { (one / two * 100).rounded() / 100 }

  private static func run(_ messages: ShopMessages, hasThread: Bool) -> Run {
    let symbols = SymbolTable()
    let store = Shop.store(symbols)
    let sink = FoldingSink(store)
    let clocks = [Rate.Clock.wall, .thread, .process]
    let start = clocks.map(\.seconds)
    _ = messages.decode(symbols) { batch in if hasThread { sink.take(&batch) } else { store.accept(batch) } }
    let decoding = Rate.Clock.thread.seconds - start[1]
    sink.end()
    return Run(wall: Rate.Clock.wall.seconds - start[0], decoding: decoding, all: Rate.Clock.process.seconds - start[2])
  }
}
