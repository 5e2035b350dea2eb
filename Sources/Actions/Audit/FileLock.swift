import Glibc

/// `flock`, for a limited time: a process that was stopped while it held the lock must not stop this one too.
enum FileLock {
  private static let patience = Duration.seconds(3)
  private static let step: UInt32 = 2000

  /// Blocks. False, with `errno`, when the lock could not be had.
  static func take(_ file: Int32, _ operation: Int32) -> Bool {
    let end = ContinuousClock.now + patience
    while flock(file, operation | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { return false }
      guard ContinuousClock.now < end else {
        errno = EWOULDBLOCK
        return false
      }
      usleep(step)
    }
    return true
  }
}
