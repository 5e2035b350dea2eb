import Core
import Glibc
import TestSupport

/// Time from the start to the first frame, and size of the program.
struct StartBench {
  private static let runs = 20

  func run(_ budgets: Budgets) throws {
    let path = try LiveProgram.path
    let port = try LoopbackPort.free()
    var times: [Duration] = []
    for _ in 0..<Self.runs {
      // No server listens on this port: the first frame must not wait for a broker.
      let live = try LiveProgram([path, "--brokers", "127.0.0.1:\(port)", "--preset", "spring"])
      guard let time = live.firstPicture() else { throw TestFailure("no picture is drawn") }
      times.append(time)
    }
    let timing = Timing(times)
    print("first picture after the start: \(timing.text)")
    budgets.add("first frame", timing.median / .milliseconds(1), .atMost(50), unit: " ms", by: "start")
    let megabytes = Double(try stripped(path)) / Double(1 << 20)
    print("program without symbols: \(Budgets.text(megabytes)) MiB")
    budgets.add("binary, stripped", megabytes, .atMost(20), unit: " MiB", by: "start")
  }

  private func stripped(_ path: String) throws -> Int {
    let directory = try TemporaryDirectory()
    try runToEnd(["strip", "-o", "\(directory.path)/program", path])
    var facts = stat()
    guard stat("\(directory.path)/program", &facts) == 0 else { throw TestFailure("strip wrote nothing") }
    return Int(facts.st_size)
  }
}

/// CPU time, memory and output of the live screen while no events, or only few, arrive.
struct IdleBench {
  private static let span = Duration.seconds(20)
  private static let warmUp = Duration.seconds(15)

  func run(_ budgets: Budgets) throws {
    let shop = try LiveShop()
    try shop.start(orders: 50)
    let live = try shop.screen()
    live.run(for: Self.warmUp)
    let idle = try measure(live)
    print("nothing arrives: \(Budgets.text(idle.share)) % of a core, \(try live.possession.kilobytes) KiB")
    budgets.add("idle", idle.share, .atMost(0.3), unit: " % of a core", by: "idle")
    let memory = Double(try live.possession.kilobytes) / 1024
    budgets.add("memory, idle", memory, .atMost(40), unit: " MiB", by: "idle")
    try shop.feed(eventsPerSecond: 250)
    live.run(for: .seconds(5))
    let calm = try measure(live)
    shop.stop()
    print(
      "50 sagas a second: \(Budgets.text(calm.bytes)) bytes/s to the terminal, \(Budgets.text(calm.share)) % of a core")
    budgets.add("bytes to the terminal, 50 sagas/s", calm.bytes / 1000, .atMost(1.5), unit: " KB/s", by: "idle")
    try shop.feed(eventsPerSecond: 1000)
    live.run(for: .seconds(5))
    let busy = try measure(live)
    shop.stop()
    if let failure = shop.fed.failure { throw TestFailure(failure) }
    print("1,000 events a second: \(Budgets.text(busy.share)) % of a core")
    budgets.add("1,000 events/s", busy.share, .atMost(1), unit: " % of a core", by: "idle")
  }

  private func measure(_ live: LiveProgram) throws -> (share: Double, bytes: Double) {
    let (used, start) = (try live.used, ContinuousClock.now)
    let bytes = live.run(for: Self.span)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return ((try live.used - used) / seconds * 100, Double(bytes) / seconds)
  }
}

/// Time from a key press to the next frame while events arrive.
struct KeysBench {
  private static let keys = 200

  func run(_ budgets: Budgets) throws {
    let few = try measure(active: 0, rate: 5000)
    print("5,000 events a second: \(few.text)")
    let many = try measure(active: 100_000, rate: 50_000)
    print("50,000 events a second, 100,000 active sagas: \(many.text)")
    budgets.add("key to screen, p99, 5,000 events/s", few.share(0.99), .atMost(20), unit: " ms", by: "keys")
    budgets.add(
      "key to screen, p99, 50,000 events/s, 100,000 active", many.share(0.99), .atMost(20), unit: " ms",
      ratio: "\(Budgets.text(Double(many.rate))) events/s were written", by: "keys")
  }

  private struct Delays {
    var milliseconds: [Double]
    var rate: Int
    var used: Double

    func share(_ share: Double) -> Double {
      milliseconds[min(milliseconds.count - 1, Int(share * Double(milliseconds.count)))]
    }

    var text: String {
      "\(milliseconds.count) keys, p50 \(Budgets.text(share(0.5))) ms, p95 \(Budgets.text(share(0.95))) ms, "
        + "p99 \(Budgets.text(share(0.99))) ms; \(rate) events/s, \(Budgets.text(used * 100)) % of a core"
    }
  }

  private func measure(active: Int, rate: Int) throws -> Delays {
    let shop = try LiveShop(retention: "20s", maxSagas: 400_000)
    try shop.start(orders: active)
    let live = try shop.screen()
    live.type("2")
    live.run(for: .seconds(5))
    try shop.feed(eventsPerSecond: rate)
    live.run(for: .seconds(5))
    let (start, used, fed) = (ContinuousClock.now, try live.used, shop.fed.events)
    var delays: [Double] = []
    for _ in 0..<Self.keys {
      live.run(for: .milliseconds(.random(in: 100...300)))
      delays.append((live.answer(to: .random() ? "j" : "k") ?? .seconds(3)) / .milliseconds(1))
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if let failure = shop.fed.failure { throw TestFailure(failure) }
    return Delays(
      milliseconds: delays.sorted(), rate: Int(Double(shop.fed.events - fed) / seconds),
      used: (try live.used - used) / seconds)
  }
}
