import Glibc

/// Waits until `condition` holds; false when it does not within `timeout`.
package func waitUntil(_ timeout: Duration = .seconds(20), _ condition: () -> Bool) -> Bool {
  let clock = ContinuousClock()
  let deadline = clock.now + timeout
  while !condition() {
    if clock.now >= deadline { return condition() }
    usleep(2000)
  }
  return true
}
