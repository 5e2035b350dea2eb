import Collectors
import Core
import Foundation
import TestRandom
import Testing

@testable import Configuration

@Suite("A silent source")
struct SilenceTests {
  private static let sources = ["kafka", "lag", "redis", "services"]
  private static let checkTexts = [
    "stuck", "failed", "active:1000", "completion-rate", "lag:2", "lag-time:1s", "lock-age:1s", "service", "health",
  ]
  private static let conditionTexts = [
    "stuck==0", "running==0", "compensating==0", "failed==0", "completion-rate>=99", "lag==0", "lag-time<1",
    "lock-age<1", "service==0",
  ]

  private let checks: [Check]
  private let conditions: [Condition]

  init() throws {
    checks = try Self.checkTexts.map { try CheckParser.check($0) }
    conditions = try Self.conditionTexts.map { try CheckParser.condition($0) }
  }

  /// States of all checks, conditions and numbers at one time.
  private struct Picture {
    var states: [CheckState]
    var fulfilled: [Bool?]
    /// Numbers by name, only if known completely.
    var numbers: [String: Double]
  }

  private func picture(of store: Store, at now: Timestamp) -> Picture {
    let inputs = CheckInputs(
      now: now, sources: store.header(now: now).sources, overview: store.overview(limit: 0, now: now),
      oldestRollBacks: store.oldestRollBacks(), lag: store.groups(GroupQuery(limit: .max), now: now),
      locks: store.locks(LockQuery(limit: .max), now: now),
      services: store.services(ServiceQuery(limit: .max), now: now))
    return Picture(
      states: checks.map { $0.result(inputs).state },
      fulfilled: conditions.map { $0.holds(inputs) }, numbers: Self.numbers(inputs))
  }

  private static func numbers(_ inputs: CheckInputs) -> [String: Double] {
    var numbers: [String: Known<Double>] = [:]
    if let overview = inputs.overview {
      let (counts, coverage) = (overview.total.counts, overview.coverage)
      let sure = ["stuck": counts.stuck, "completed": counts.completed, "compensated": counts.compensated]
      for (name, count) in sure { numbers[name] = coverage.known(count).mapped(Double.init) }
      for (name, count) in ["running": counts.running, "compensating": counts.compensating] {
        numbers[name] = coverage.exactly(Double(count))
      }
      numbers["start rate"] = Known(overview.total.startRate)
    }
    for row in inputs.lag?.rows ?? [] {
      numbers["lag of \(row.name)"] = row.lag.mapped(Double.init)
      numbers["rate of \(row.name)"] = Known(row.rateOut)
    }
    if let locks = inputs.locks { numbers["locks"] = locks.coverage.known(locks.window.total).mapped(Double.init) }
    return numbers.compactMapValues { $0.isExact ? $0.value : nil }
  }

  /// Whether a check, condition or number depends on the source.
  private static func rests(_ name: String, on source: String) -> Bool {
    let word = name.prefix { $0.isLetter || $0 == "-" }
    switch source {
    case "lag": return word.hasPrefix("lag") || word == "rate" || word == "health"
    case "redis": return word.hasPrefix("lock") || word == "health"
    case "services": return word == "service" || word == "health"
    default:
      return !["lag", "lag-time", "rate", "lock-age", "locks", "service"].contains(String(word))
    }
  }

  @Test("makes everything that depends on it unknown: no false ok, no false condition, no false exact count")
  func silence() throws {
    let recording = try ShopRecording()
    let truth = recording.run { _ in
      true
    } at: {
      picture(of: $0, at: $1)
    }
    #expect(truth.count > 40 && truth.contains { $0.states[0] == .critical } && truth.contains { $0.states[0] == .ok })
    for seed in UInt64(1)...200 { try silence(seed, recording, truth) }
  }

  private func silence(_ seed: UInt64, _ recording: ShopRecording, _ truth: [Picture]) throws {
    var random = SeededRandom(seed: seed)
    let source = Self.sources[Int(random.next() % 4)]
    let instant = recording.start + .milliseconds(Int64(3000 + random.next() % 50_000))
    // Most sources report that they are down. A source whose thread hangs reports nothing and is recognised by its silence.
    let tells = random.next() % 2 == 0
    let known = instant + (tells ? .zero : recording.patience(of: source))
    let pictures = recording.run(silencing: source, at: instant, tells: tells) { _ in
      random.next() % 6 == 0
    } at: {
      ($1, picture(of: $0, at: $1))
    }
    for (now, picture) in pictures {
      let was = truth[recording.place(of: now)]
      let what = "seed \(seed), \(source) silent for \((now - instant).seconds) s\(tells ? "" : ", untold")"
      guard now > known else {
        if now <= instant { #expect(picture.states == was.states && picture.numbers == was.numbers, "\(what)") }
        continue
      }
      for (place, check) in Self.checkTexts.enumerated() where Self.rests(check, on: source) {
        #expect(picture.states[place] != .ok, "\(check) is ok: \(what)")
      }
      for (place, condition) in Self.conditionTexts.enumerated() where Self.rests(condition, on: source) {
        #expect(picture.fulfilled[place] == nil, "\(condition) is decided: \(what)")
      }
      for (name, number) in picture.numbers {
        #expect(!Self.rests(name, on: source) && was.numbers[name] == number, "\(name) is exactly \(number): \(what)")
      }
    }
  }
}
