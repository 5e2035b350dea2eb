import Collectors
import Core
import TestSupport

@testable import Clients

/// A Redis source with a sink.
final class RedisScene {
  let sink = CollectingSink()
  let source: RedisSource

  init(
    _ url: String, locks: [String] = ["lock:{id}"], counts: [String] = [], interval: Duration = .milliseconds(50),
    change: (inout RedisSettings) -> Void = { _ in }
  ) throws {
    var settings = RedisSettings(
      address: try RedisAddress(url), locks: try locks.map { LockDefinition(pattern: try LockPattern($0)) },
      counts: try counts.map { try LockPattern($0) }, interval: interval)
    change(&settings)
    source = RedisSource(settings, sink: sink, random: { 0 })
    source.start()
  }

  deinit { source.stop() }

  /// Locks of the last round.
  var locks: [String: LockObservation] {
    Dictionary(sink.locks.last?.locks.map { ($0.key, $0) } ?? []) { first, _ in first }
  }

  func waitForLock(_ key: String, _ condition: (LockObservation) -> Bool = { _ in true }) async -> LockObservation? {
    var found: LockObservation?
    _ = await waitUntil {
      found = self.locks[key].flatMap { condition($0) ? $0 : nil }
      return found != nil
    }
    return found
  }

  func waitForStatus(_ condition: (SourceStatus) -> Bool) async -> Bool {
    await waitUntil { condition(self.sink.status) }
  }
}
