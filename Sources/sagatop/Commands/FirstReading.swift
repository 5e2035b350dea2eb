import Collectors
import Core
import TUI

/// Waiting until everything that is there was read once.
enum FirstReading {
  /// Until every source has given its first full reading; false when the time was up before.
  static func wait(for store: Store, _ bell: Bell, atMost timeout: Duration) -> Bool {
    let end = SystemClock.now() + timeout
    while !store.isComplete {
      let rest = end - SystemClock.now()
      guard rest > .zero else { return false }
      bell.wait(atMost: rest)
    }
    return true
  }

  /// Says on standard error which sources could not be read in time.
  static func complainOfMissing(in store: Store) {
    for source in store.sources where !source.isWhole {
      Output.complain("\(source.name): no full reading within the time: \(source.error ?? source.phase.rawValue)")
    }
  }
}
