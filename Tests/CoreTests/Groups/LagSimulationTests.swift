import TestRandom
import Testing

@testable import Core

/// A group with one partition. Messages arrive at random times; polls are like those of the source.
private struct SimulatedGroup {
  /// Messages per second.
  var rate: Double
  /// Seconds between two commits.
  var commitInterval: Double
  var seed: UInt64
  /// From this second on the group reads only this share of the arriving messages.
  var slowFrom = Double.infinity
  var share = 0.8

  private static let step = 0.02

  /// Calls `look` after each poll with the seconds since the start, until it returns false.
  func run(seconds: Double, _ look: (Double, GroupRow) -> Bool) {
    var random = SeededRandom(seed: seed)
    var scenario = LagScenario()
    var (time, end, read, committed) = (0.0, 0.0, 0.0, 0.0)
    var (nextPoll, nextCommit) = (0.5, commitInterval * Double.random(in: 0...1, using: &random))
    var nextMessage = Self.gap(rate, &random)
    while time < seconds {
      time += Self.step
      while nextMessage <= time {
        end += 1
        nextMessage += Self.gap(rate, &random)
      }
      read = time >= slowFrom ? min(end, read + rate * share * Self.step) : end
      if time >= nextCommit {
        committed = read.rounded(.down)
        nextCommit += commitInterval * Double.random(in: 0.98...1.05, using: &random)
      }
      guard time >= nextPoll else { continue }
      nextPoll += 2
      let jitter = Double.random(in: 0...0.1, using: &random)
      scenario.now = LagScenario.start + .seconds(time + jitter) - LagScenario.interval
      scenario.read(Int64(committed), of: Int64(end))
      if !look(time, scenario.row) { return }
    }
  }

  private static func gap(_ rate: Double, _ random: inout SeededRandom) -> Double {
    -Double.random(in: Double.leastNonzeroMagnitude...1, using: &random).logarithm / rate
  }
}

extension Double {
  /// Natural logarithm by the series of the inverse hyperbolic tangent, so that tests need no C library.
  fileprivate var logarithm: Double {
    let parts = (exponent: Double(exponent), significand: significand)
    let ratio = (parts.significand - 1) / (parts.significand + 1)
    let square = ratio * ratio
    let series = ratio * (1 + square * (1 / 3.0 + square * (1 / 5.0 + square * (1 / 7.0 + square / 9))))
    return parts.exponent * 0.693_147_180_559_945 + 2 * series
  }
}

@Suite("A simulated group")
struct LagSimulationTests {
  static let rates: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500]

  @Test(
    "a group that keeps up is ok at every poll for thirty minutes, without a notable time to drain",
    arguments: rates)
  func healthy(rate: Double) {
    for (index, interval) in [0.1, 1, 5, 10].enumerated() {
      for seed in UInt64(0)..<3 {
        let group = SimulatedGroup(rate: rate, commitInterval: interval, seed: seed * 100 + UInt64(index))
        group.run(seconds: 1800) { time, row in
          guard time > 30 else { return true }
          #expect(
            row.verdict == .ok,
            "rate \(rate), commits every \(interval) s, seed \(group.seed), \(time) s: \(row.reason)")
          let isDraining: Bool
          if case .after(let rest) = row.drain {
            isDraining = rest < .seconds(60)
          } else {
            isDraining = row.drain != .notDraining
          }
          #expect(isDraining, "rate \(rate), commits every \(interval) s, seed \(group.seed), \(time) s: \(row.drain)")
          return row.verdict == .ok && isDraining
        }
      }
    }
  }

  /// With few messages, random variation hides the deficit for longer: at ten messages per second, the standard deviation in thirty
  /// seconds is seventeen of three hundred messages, and sixty are missing.
  @Test(
    "a group that becomes 20 % too slow gives a warning within thirty seconds, at more than ten messages per second",
    arguments: rates)
  func backlog(rate: Double) {
    for (index, interval) in [0.1, 1, 5].enumerated() {
      for seed in UInt64(0)..<10 {
        var group = SimulatedGroup(rate: rate, commitInterval: interval, seed: seed * 100 + UInt64(index))
        group.slowFrom = 120
        var warnedAt: Double?
        group.run(seconds: 240) { time, row in
          if row.verdict == .warning { warnedAt = time }
          return warnedAt == nil
        }
        let limit: Double = rate < 5 ? 80 : rate < 20 ? 45 : 31
        #expect(
          (warnedAt ?? .infinity) - 120 <= limit,
          "rate \(rate), commits every \(interval) s, seed \(group.seed): after \((warnedAt ?? .infinity) - 120) s")
      }
    }
  }
}
