import Glibc

/// A file descriptor that is closed in deinit.
final class Descriptor {
  private(set) var number: Int32

  init(_ number: Int32) {
    self.number = number
  }

  deinit {
    if number >= 0 { close(number) }
  }

  /// Transfers ownership: the caller must close the descriptor.
  func release() -> Int32 {
    defer { number = -1 }
    return number
  }
}

/// A failure of the operating system or of a required program.
struct SystemFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  /// The action, and the error text of `errno`.
  static func last(_ action: String) -> SystemFailure {
    SystemFailure("\(action): \(String(cString: strerror(errno)))")
  }
}

/// Converts strings to null-terminated C arrays.
enum CStrings {
  /// Calls `body` with the array, which is valid only during the call.
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
