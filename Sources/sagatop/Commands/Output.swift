import Glibc
import TUI

/// Writes to the program's descriptors, whole.
enum Output {
  /// False when the descriptor takes no more, as when a pipe's reader has gone.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Bool { write(Array(text.utf8), to: descriptor) }

  @discardableResult
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }

  /// A sentence for the operator, on standard error. It may quote what brokers and files say.
  static func complain(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Sanitizer.sanitized($0) }
    write("sagatop: \(lines.joined(separator: "\n"))\n", to: STDERR_FILENO)
  }
}
