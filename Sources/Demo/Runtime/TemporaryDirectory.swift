import Glibc

/// A private directory that is removed with its contents. It is locked while its owner runs: the directory of a killed program is
/// recognized by its free lock and removed by the next program.
final class TemporaryDirectory {
  private static let prefix = "sagatop-demo-"
  /// Seconds during which a new directory may not be locked yet.
  private static let graceTime = 60

  let path: String
  private let lock: Descriptor

  /// Creates a directory in `parent` that only this user can access.
  init(in parent: String) throws(SystemFailure) {
    Self.removeAbandoned(in: parent)
    var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .last("making a directory in \(parent)") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    lock = Descriptor(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    flock(lock.number, LOCK_EX)
  }

  deinit {
    remove()
  }

  /// Removes the directory; has no effect if it is already removed.
  func remove() {
    Self.remove(path)
  }

  private static func removeAbandoned(in parent: String) {
    for name in entries(of: parent) where name.hasPrefix(prefix) {
      let path = "\(parent)/\(name)"
      let directory = Descriptor(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
      var status = stat()
      guard directory.number >= 0, fstat(directory.number, &status) == 0, status.st_uid == geteuid(),
        time(nil) - status.st_mtim.tv_sec > graceTime, flock(directory.number, LOCK_EX | LOCK_NB) == 0
      else { continue }
      remove(path)
    }
  }

  private static func remove(_ path: String) {
    guard unlink(path) != 0 else { return }
    for name in entries(of: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// The names in a directory; empty if it cannot be read or is a symbolic link.
  private static func entries(of path: String) -> [String] {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, let directory = fdopendir(descriptor) else { return [] }
    defer { closedir(directory) }
    var result: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
      }
      if name != ".", name != ".." { result.append(name) }
    }
    return result
  }

  /// The system's directory for temporary files.
  static var standardParent: String {
    getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }
}
