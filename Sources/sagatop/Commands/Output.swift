import CSystem
import Glibc
import TUI

/// Writes complete data to file descriptors.
enum Output {
  /// Returns false if the descriptor accepts no more data, for example if a pipe's reader was closed.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Bool { write(Array(text.utf8), to: descriptor) }

  @discardableResult
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    sg_write_whole(descriptor, bytes, bytes.count) == bytes.count
  }

  /// Prints a message to standard error, with external texts escaped.
  static func complain(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Sanitizer.sanitized($0) }
    write("sagatop: \(lines.joined(separator: "\n"))\n", to: STDERR_FILENO)
  }
}
