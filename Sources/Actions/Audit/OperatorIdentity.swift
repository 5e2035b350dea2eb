import Core
import Glibc

/// Who sits at the terminal, as far as the system tells.
package enum OperatorIdentity {
  /// The name of the process's user and of this host, and how one came here.
  package static func current(environment: [String: String]) -> ActionRecord.Operator {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return ActionRecord.Operator(
      name: "\(user)@\(host)", sudoUser: filled(environment["SUDO_USER"]),
      sshConnection: filled(environment["SSH_CONNECTION"]))
  }

  private static var user: String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var space = [CChar](repeating: 0, count: 16_384)
    guard getpwuid_r(getuid(), &entry, &space, space.count, &found) == 0, let found, let name = found.pointee.pw_name
    else {
      return "uid \(getuid())"
    }
    return String(cString: name)
  }

  private static func filled(_ text: String?) -> String? {
    text.flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
  }
}
