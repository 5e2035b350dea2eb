import Glibc

/// Tells the system's log the hash of the audit log's last line, so that a log that is cut or rewritten shows beside it. Where there is no
/// system log, or it takes nothing now, nothing happens.
enum AuditHead {
  static let socket = "/dev/log"
  /// Facility authpriv, severity notice (RFC 3164).
  private static let priority = 10 * 8 + 5

  static func tell(_ hash: String, of path: String, to socket: String = Self.socket) {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | SOCK_CLOEXEC_FLAG | SOCK_NONBLOCK_FLAG, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(socket.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let text = Array("<\(priority)>sagatop[\(getpid())]: audit \(path) \(hash)".utf8)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(
          descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  // The overlay has them as an enumeration.
  private static let SOCK_CLOEXEC_FLAG = Int32(SOCK_CLOEXEC.rawValue)
  private static let SOCK_NONBLOCK_FLAG = Int32(SOCK_NONBLOCK.rawValue)
}
