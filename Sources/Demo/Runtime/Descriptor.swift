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

/// Strings as C's null-terminated arrays of strings.
enum CStrings {
  /// Calls `body` with the strings, valid for the time of the call.
  static func with<R>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R) -> R {
    let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("the array ends with nil, so it has a base") }
      return body(base)
    }
  }

  /// This process's environment as NAME=VALUE.
  static func environment() -> [String] {
    var result: [String] = []
    var entry = environ
    while let text = entry.pointee {
      result.append(String(cString: text))
      entry += 1
    }
    return result
  }
}
