import Glibc

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
