import Collectors
import Configuration
import Core
import TUI
import Testing
import Text

@testable import sagatop

@Suite("Time travel of the live screen")
struct TimeTravelTests {
  private func store() throws -> Store {
    var overrides = Overrides()
    (overrides.brokers, overrides.preset) = ("127.0.0.1:1", "spring")
    let settings = try SettingsResolver(overrides: overrides, environment: [:]).resolve()
    return Store(settings, symbols: SymbolTable(), now: SystemClock.now)
  }

  private func refusal(_ travel: TimeTravel, _ step: PastCommand) -> String? {
    do throws(TimeTravel.Refusal) { _ = try travel.go(step, now: SystemClock.now(), localOffset: .zero) } catch {
      return error.message
    }
    return nil
  }

  @Test("a time before all pictures shows the oldest and says so; a step before it says that nothing changed")
  func oldest() async throws {
    let travel = TimeTravel(try store(), interval: .milliseconds(20)) {}
    #expect(refusal(travel, .to("5m")) == "no picture of the past yet: one is taken every 10s")
    #expect(refusal(travel, .back) == refusal(travel, .to("5m")))
    travel.start()
    defer { travel.stop() }
    let end = ContinuousClock.now + .seconds(20)
    while travel.kept.map({ $0.count < 2 }) ?? true, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(5))
    }
    let first = try #require(travel.kept?.oldest)
    let (text, isLive) = try travel.go(.to("5m"), now: first + .seconds(130), localOffset: .zero)
    #expect(text == "the oldest picture is of \(Quantity.clock(first)), 2m10s ago: reading it" && !isLive)
    #expect(refusal(travel, .back)?.hasPrefix("nothing changed: the oldest picture is of ") == true)
    #expect(try travel.go(.live, now: SystemClock.now(), localOffset: .zero).isLive)
  }
}
