@testable import Core

/// A store that receives samples of the locks of one server at given seconds.
final class LockScenario {
  let store: Store
  let start = ShopFixture.start
  private(set) var passes = 1
  var maker = EventMaker()

  init(_ definitions: [LockDefinition], counted: [LockPattern] = []) {
    var system = ShopFixture.system
    (system.locks, system.counts) = (definitions, counted)
    store = Store(system, context: .init(name: "test"), symbols: maker.symbols, now: { ShopFixture.start })
  }

  func time(_ seconds: Double) -> Timestamp { start + .seconds(seconds) }

  static func redisson(_ thread: Int = 31, count: Int = 1) -> LockHolder {
    LockHolder(token: "7c9e6679-7425-40de-944b-e07fc1f90ae7", thread: "\(thread)", count: count)
  }

  func lock(
    _ key: String, at seconds: Double, ttl: Double?, holder: LockHolder = redisson(), waiters: Int? = nil,
    kind: LockObservation.Kind = .redisson, definition: Int = 0
  ) -> LockObservation {
    LockObservation(
      key: key, definition: definition, kind: kind, holders: [holder], time: time(seconds),
      ttl: ttl.map { .seconds($0) }, waiters: waiters)
  }

  func round(
    _ seconds: Double, _ locks: [LockObservation] = [], gone: [String] = [], events: [LockEvent] = [],
    isExact: Bool = false, counts: [Int]? = nil, source: String = "redis"
  ) {
    passes += 1
    store.accept(
      LockSample(
        source: source, time: time(seconds), isExact: isExact, locks: locks, gone: gone, events: events,
        counts: counts, passes: passes))
  }

  func event(_ kind: LockEvent.Kind, _ key: String, at seconds: Double) -> LockEvent {
    LockEvent(key: key, definition: 0, kind: kind, time: time(seconds))
  }

  func list(at seconds: Double, _ query: LockQuery = LockQuery()) -> LockList {
    store.locks(query, now: time(seconds))
  }

  func view(_ key: String, at seconds: Double) -> LockView? {
    store.lock(LockKey(source: "redis", key: key), now: time(seconds))
  }
}
