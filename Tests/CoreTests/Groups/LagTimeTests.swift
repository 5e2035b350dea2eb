import TestRandom
import Testing
import Text

@testable import Core

@Suite("Lag as time")
struct LagTimeTests {
  private var scenario = LagScenario()

  @Test("no lag means no age; unknown lag means an unknown age")
  mutating func borders() {
    scenario.read(5, of: 5)
    #expect(scenario.partition.lagTime == .zero)
    scenario.read(5, of: nil)
    #expect(scenario.partition.lagTime.quality == .unknown)
    #expect(scenario.partition.lagTime.known.reason == "its log end offset is not known")
  }

  @Test("messages that existed at the first poll are at least as old as that")
  mutating func lowerBound() {
    scenario.read(5, of: 9)
    scenario.read(5, of: 9)
    #expect(scenario.partition.lagTime.age == .seconds(2) && scenario.partition.lagTime.quality == .atLeast)
  }

  @Test("the age is interpolated between two polls; an idle producer does not reduce it")
  mutating func interpolated() {
    scenario.read(10, of: 10)
    scenario.read(10, of: 14)
    // Offset 10 is the first of four messages that arrived within two seconds. Its interpolated time is half a second after the first
    // poll.
    #expect(scenario.partition.lagTime == LagTime(.milliseconds(1500), .interpolated))
    for _ in 0..<30 { scenario.read(10, of: 14) }
    #expect(scenario.partition.lagTime == LagTime(.milliseconds(61_500), .interpolated))
    scenario.read(12, of: 14)
    #expect(scenario.partition.lagTime.age == .milliseconds(62_500))
  }

  @Test("the time of a read event is used; if its clock is ahead, the time since it was seen")
  mutating func exact() {
    let first = scenario.now
    for offset in Int64(0)..<20 {
      scenario.state.note(
        first + .milliseconds(100 * offset), of: Origin(topic: scenario.key.topic, partition: 0, offset: offset))
    }
    scenario.read(10, of: 20)
    #expect(scenario.partition.lagTime == LagTime(.seconds(1), .exact))
    scenario.state.note(
      scenario.now + .seconds(7), of: Origin(topic: scenario.key.topic, partition: 0, offset: 20))
    scenario.read(20, of: 21)
    let (time, start) = (scenario.partition.lagTime, scenario.now)
    #expect(time.drift == .seconds(5) && time.quality == .atLeast && time.age ?? .seconds(9) <= .seconds(2))
    for _ in 0..<10 { scenario.read(20, of: 21) }
    #expect(scenario.partition.lagTime.age ?? .zero >= scenario.now - start, "also when its time has come")
    #expect(scenario.partition.lagTime.quality == .atLeast)
  }

  @Test("between two rounds the ages of a group are those of its reason, in the list and on its page")
  mutating func oneAge() {
    for _ in 0..<40 { scenario.read(10, of: 20) }
    let row = scenario.row
    let later = scenario.now + .seconds(7)
    #expect(scenario.state.rows(now: later) == [row])
    let page = scenario.state.group("shop", now: later)
    #expect(page?.row == row && page?.partitions.first?.lagTime.age == row.lagTime.age)
    #expect(row.reason.contains(row.lagTime.age.map { Quantity.age($0) } ?? "-"), "\(row.reason)")
  }

  @Test(
    "time to drain is the lag divided by the rate at which it shrinks",
    arguments: [
      (0, 5.0, 5.0, DrainTime.nothing), (100, 10.0, 20.0, .after(.seconds(10))), (100, 20.0, 20.0, .unknown),
      (100, 20.0, 10.0, .notDraining), (nil, 1.0, 1.0, .unknown), (100, nil, 1.0, .unknown),
    ] as [(Int64?, Double?, Double?, DrainTime)])
  func drain(lag: Int64?, rateIn: Double?, rateOut: Double?, expected: DrainTime) {
    #expect(LagState.drain(Known(lag), rateIn: rateIn, rateOut: rateOut) == expected)
  }

  @Test("rates of less than ten seconds give no time to drain, longer ones do")
  func drainTooEarly() {
    var scenario = LagScenario()
    for round in Int64(0)..<20 {
      scenario.read(1000 * round, of: 40_000 + 100 * round)
      if round == 2 { #expect(scenario.row.drain == .unknown && scenario.row.rateOut != nil) }
    }
    guard case .after = scenario.row.drain else {
      Issue.record("\(scenario.row.drain)")
      return
    }
  }

  @Test("rates that differ by less than their noise give no time to drain")
  func drainNoise() {
    #expect(LagState.drain(100, rateIn: 20, rateOut: 20.5, noise: 3) == .unknown)
    #expect(LagState.drain(100, rateIn: 20, rateOut: 18, noise: 3) == .unknown)
    #expect(LagState.drain(100, rateIn: 20, rateOut: 30, noise: 3) == .after(.seconds(10)))
    #expect(LagState.drain(100, rateIn: 20, rateOut: 10, noise: 3) == .notDraining)
    #expect(LagState.drain(100, rateIn: 0, rateOut: 0, noise: 0) == .unknown)
  }

  @Test(
    "a time in seconds, zero, or before Kafka existed is ignored; the age is the time since the message was seen",
    arguments: [0, 1_700_000, 1_700_000_000, 946_684_800_000])
  mutating func implausible(milliseconds: Int64) {
    scenario.read(10, of: 10)
    scenario.state.note(
      Timestamp(milliseconds: milliseconds), of: Origin(topic: scenario.key.topic, partition: 0, offset: 10))
    scenario.read(10, of: 11)
    #expect(scenario.partition.lagTime == LagTime(.zero, .interpolated))
    for _ in 0..<5 { scenario.read(10, of: 11) }
    #expect(scenario.partition.lagTime == LagTime(.seconds(10), .interpolated))
  }

  @Test("for a message years older than its arrival, the age is the time since its arrival")
  mutating func backfilled() {
    scenario.read(10, of: 10)
    scenario.state.note(
      scenario.now - .seconds(3 * 365 * 86_400), of: Origin(topic: scenario.key.topic, partition: 0, offset: 10))
    scenario.read([(10, 11), (10, 11)])
    #expect(scenario.partition.lagTime == LagTime(.seconds(2), .interpolated))
  }

  @Test("rates and totals of the topic are computed from the polls")
  mutating func rates() {
    for round in Int64(0)..<20 { scenario.read(round * 8, of: round * 10) }
    let row = scenario.row
    #expect(row.rateIn == 5)
    #expect(row.rateOut == 4)
    #expect(row.drain == .notDraining)
    #expect(row.lag == 38)
    #expect(row.history.count == 20)
    let topics = scenario.state.topicRows()
    #expect(topics.map(\.topic) == ["orders"])
    #expect(topics[0].rateIn == 5)
    #expect(topics[0].messages == 190)
    #expect(topics[0].groups == ["shop"])
  }
}

@Suite("Growth of an offset")
struct OffsetHistoryTests {
  @Test("the series stays small, keeps its first sample, and keeps the recent past in full")
  func bounded() {
    var history = OffsetHistory()
    let start = LagScenario.start
    for round in Int64(0)..<50_000 { history.add(round * 10, at: start + .seconds(2 * round)) }
    #expect(history.samples.count <= OffsetHistory.capacity)
    #expect(history.samples.first?.offset == 0)
    #expect(history.appended(49_999 * 10 - 1) == .at(start + .seconds(2 * 49_999)))
    #expect(history.appended(0) == .at(history.samples[0].time + .nanoseconds(200_000_000)))
    #expect(history.appended(499_990) == .unknown)
    #expect(history.rate(over: .seconds(30)) == 5)
  }

  @Test("samples that lie as far apart as times can be are interpolated")
  func farApart() {
    var history = OffsetHistory()
    history.add(0, at: Timestamp(nanoseconds: .min))
    history.add(1, at: Timestamp(nanoseconds: .max))
    #expect(history.appended(0) != .unknown)
  }

  @Test(
    "offsets that a Double cannot tell apart are interpolated", arguments: [1 << 53, 1 << 60, .max - 2] as [Int64])
  func beyondDouble(offset: Int64) {
    var history = OffsetHistory()
    history.add(offset, at: LagScenario.start)
    history.add(offset + 1, at: LagScenario.start + .seconds(10))
    #expect(history.appended(offset) == .at(LagScenario.start + .seconds(10)))
    history.add(offset + 2, at: LagScenario.start + .seconds(20))
    #expect(history.appended(offset + 1) == .at(LagScenario.start + .seconds(20)))
    #expect(history.rate(over: .seconds(30)) == 0.1)
  }

  @Test("offsets as far apart as numbers can be give a time and a rate")
  func widestOffsets() {
    var history = OffsetHistory()
    history.add(.min, at: LagScenario.start)
    history.add(.max, at: LagScenario.start + .seconds(10))
    #expect(history.appended(0) != .unknown)
    #expect(history.rate(over: .seconds(30)) ?? 0 > 1e17)
  }

  @Test("a run of equal offsets uses two samples")
  func flat() {
    var history = OffsetHistory()
    for round in Int64(0)..<1000 { history.add(7, at: LagScenario.start + .seconds(round)) }
    #expect(history.samples.count == 2)
    #expect(history.rate(over: .seconds(30)) == 0)
  }

  @Test("for any growing series, the result is between the two neighbouring polls", arguments: 0..<50)
  func property(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var history = OffsetHistory()
    var (time, offset) = (LagScenario.start, Int64(0))
    for _ in 0..<300 {
      time = time + .milliseconds(Int64.random(in: 100...5000, using: &random))
      offset += Int64.random(in: 0...20, using: &random)
      history.add(offset, at: time)
    }
    let samples = history.samples
    #expect(samples.count <= OffsetHistory.capacity)
    for asked in stride(from: samples[0].offset, to: offset, by: 7) {
      guard case .at(let answer) = history.appended(asked) else {
        Issue.record("seed \(seed): nothing known of \(asked)")
        continue
      }
      let before = samples.last { $0.offset <= asked }
      let after = samples.first { $0.offset > asked }
      #expect(before.map { $0.time <= answer } ?? false && after.map { answer <= $0.time } ?? false, "seed \(seed)")
    }
  }
}
