import CSystem
import Glibc

package enum Child {
  /// Starts `words` with a PATH search in a new session, with one descriptor for all standard streams. The kernel kills it when the thread
  /// that started it ends. Returns its pid, or -1 with errno.
  package static func start(_ words: [String], streams: Int32) -> pid_t {
    var child = sg_child()
    (child.death_signal, child.own_session) = (SIGKILL, true)
    (child.input, child.output, child.error, child.terminal) = (streams, streams, streams, -1)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    return arguments.withUnsafeMutableBufferPointer { buffer in
      child.program = UnsafePointer(buffer[0])
      child.arguments = UnsafePointer(buffer.baseAddress)
      child.environment = UnsafePointer(environ)
      return sg_spawn(&child)
    }
  }
}
