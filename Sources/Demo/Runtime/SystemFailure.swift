import Glibc

/// Something that the operating system or a program the shop needs would not do.
struct SystemFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  /// What was tried, and the reason of `errno`.
  static func last(_ action: String) -> SystemFailure {
    SystemFailure("\(action): \(String(cString: strerror(errno)))")
  }
}
