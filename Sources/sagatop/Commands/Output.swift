import CSystem
import Glibc
import TUI

/// Writes to the program's descriptors, whole.
enum Output {
  /// False when the descriptor takes no more, as when a pipe's reader has gone.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Bool { write(Array(text.utf8), to: descriptor) }

  @discardableResult
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    sg_write_whole(descriptor, bytes, bytes.count) == bytes.count
  }

  /// A sentence for the operator, on standard error. It may quote what brokers and files say.
  static func complain(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Sanitizer.sanitized($0) }
    write("sagatop: \(lines.joined(separator: "\n"))\n", to: STDERR_FILENO)
  }
}
