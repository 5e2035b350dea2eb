import Glibc

/// A file descriptor that is closed with its owner.
final class Descriptor {
  private(set) var number: Int32

  init(_ number: Int32) {
    self.number = number
  }

  deinit {
    if number >= 0 { close(number) }
  }

  /// Hands the descriptor to someone who will close it.
  func release() -> Int32 {
    defer { number = -1 }
    return number
  }
}
