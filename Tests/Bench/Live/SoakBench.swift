import Glibc
import TestSupport

/// The live screen with 5,000 events per second and key presses, for `SOAK_MINUTES` (default 2): memory must not grow after the warm-up,
/// and no frame may be late.
struct SoakBench {
  private struct Sample {
    var at: Double
    var kilobytes: Int
    var threads: Int
    var descriptors: Int
    /// In milliseconds, the maximum since the last sample.
    var gap: Double
    var answer: Double
  }

  private static let rate = 5000
  private static let interval = Duration.seconds(5)
  /// In milliseconds. The clock in the header causes a new frame every second.
  private static let latestFrame = 1500.0
  private static let latestAnswer = 250.0
  private static let growth = 1.05
  private static let noise = 1024
  /// Tolerated additional threads and descriptors: a request to a broker or an open file needs some for a short time.
  private static let spare = 4
  private static let keys = ["j", "k", "1", "2", "3", "4", "7", "8", "g", "G"]

  func run(_ budgets: Budgets) throws {
    let minutes = getenv("SOAK_MINUTES").flatMap { Double(String(cString: $0)) } ?? 2
    let shop = try LiveShop(retention: "15s")
    let live = try shop.screen()
    try shop.feed(eventsPerSecond: Self.rate)
    live.run(for: .seconds(5))
    print("\(Budgets.text(minutes)) minutes at \(Self.rate) events/s")
    let samples = try samples(live, shop, for: .seconds(minutes * 60))
    judge(samples, budgets)
  }

  private func samples(_ live: LiveProgram, _ shop: LiveShop, for time: Duration) throws -> [Sample] {
    let start = ContinuousClock.now
    var samples: [Sample] = []
    while ContinuousClock.now - start < time {
      let fed = shop.fed.events
      let begun = ContinuousClock.now
      let (gap, answer) = try watch(live, until: begun + Self.interval)
      let seconds = (ContinuousClock.now - begun) / .seconds(1)
      if let failure = shop.fed.failure { throw TestFailure(failure) }
      let has = try live.possession
      let sample = Sample(
        at: (ContinuousClock.now - start) / .seconds(1), kilobytes: has.kilobytes, threads: has.threads,
        descriptors: has.descriptors, gap: gap, answer: answer)
      samples.append(sample)
      print(
        "  \(Int(sample.at)) s: \(sample.kilobytes) KiB, \(sample.threads) threads, \(sample.descriptors) descriptors, "
          + "\(Int(Double(shop.fed.events - fed) / seconds)) events/s; longest time between frames "
          + "\(Int(sample.gap)) ms, to an answer \(Int(sample.answer)) ms")
      fflush(nil)
    }
    return samples
  }

  /// The maximum times between two frames and from a key press to the next frame, in milliseconds.
  private func watch(_ live: LiveProgram, until end: ContinuousClock.Instant) throws -> (gap: Double, answer: Double) {
    var (gap, answer) = (Duration.zero, Duration.zero)
    var last = ContinuousClock.now
    while ContinuousClock.now < end {
      let quiet = ContinuousClock.now + .milliseconds(.random(in: 200...500))
      while case let rest = quiet - .now, rest > .zero {
        guard live.output(within: rest) != nil else { continue }
        gap = max(gap, .now - last)
        last = .now
      }
      gap = max(gap, .now - last)
      guard let delay = live.answer(to: Self.keys.randomElement() ?? "j") else {
        throw TestFailure("no picture came within 3 s of a key")
      }
      answer = max(answer, delay)
      last = .now
    }
    return (gap / .milliseconds(1), answer / .milliseconds(1))
  }

  /// Compares the last third of the samples with the second third. During the first third the store fills up.
  private func judge(_ samples: [Sample], _ budgets: Budgets) {
    let third = samples.count / 3
    let (before, after) = (samples[third..<2 * third], samples[(2 * third)...])
    func most(_ samples: ArraySlice<Sample>, _ value: (Sample) -> Int) -> Int { samples.map(value).max() ?? 0 }
    let limit = Double(most(before, \.kilobytes)) * Self.growth + Double(Self.noise)
    budgets.add(
      "memory in the last third of the soak", Double(most(after, \.kilobytes)), .atMost(limit), unit: " KiB",
      ratio: "the second third, 5 % and 1 MiB", by: "soak")
    budgets.add(
      "threads", Double(most(after, \.threads)), .atMost(Double(most(before, \.threads) + Self.spare)),
      ratio: "the second third and \(Self.spare)", by: "soak")
    budgets.add(
      "descriptors", Double(most(after, \.descriptors)), .atMost(Double(most(before, \.descriptors) + Self.spare)),
      ratio: "the second third and \(Self.spare)", by: "soak")
    let late = samples.count { $0.gap > Self.latestFrame }
    budgets.add(
      "longest time between two frames", samples.map(\.gap).max() ?? .infinity, .atMost(Self.latestFrame), unit: " ms",
      ratio: "\(late) of \(samples.count) samples later", by: "soak")
    budgets.add(
      "longest time from a key to a frame", samples.map(\.answer).max() ?? .infinity, .atMost(Self.latestAnswer),
      unit: " ms", ratio: "\(samples.count { $0.answer > Self.latestAnswer }) of \(samples.count) samples later",
      by: "soak")
  }
}
