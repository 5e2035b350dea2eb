import Glibc

/// Keeps what libraries print on standard error off the screen while it is up.
final class StandardErrorRedirection {
  /// The descriptor that was standard error before; -1 when it could not be kept.
  let original: Int32

  /// To a log file, which is appended to, or to nowhere.
  init(log: String?) throws(TerminalError) {
    let target = open(log ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard target >= 0 else {
      throw TerminalError(message: "\(log ?? "/dev/null"): \(String(cString: strerror(errno)))")
    }
    defer { close(target) }
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    dup2(target, STDERR_FILENO)
  }

  func end() {
    guard original >= 0 else { return }
    dup2(original, STDERR_FILENO)
    close(original)
  }
}
