import Glibc

/// Waits until `condition` is true; returns false after `timeout`. Other tests continue meanwhile.
package func waitUntil(_ timeout: Duration = .seconds(20), _ condition: () throws -> Bool) async rethrows -> Bool {
  let clock = ContinuousClock()
  let deadline = clock.now + timeout
  while try !condition() {
    if clock.now >= deadline { return try condition() }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}

/// The same for synchronous code; blocks its thread.
package func blockUntil(_ timeout: Duration = .seconds(20), _ condition: () -> Bool) -> Bool {
  let clock = ContinuousClock()
  let deadline = clock.now + timeout
  while !condition() {
    if clock.now >= deadline { return condition() }
    usleep(2000)
  }
  return true
}
